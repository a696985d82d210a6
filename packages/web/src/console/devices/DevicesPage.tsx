import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/Icon.tsx';
import { PageHead } from '../PageHead.tsx';
import { devicesQuery, hostQuery, pendingQuery, profilesQuery } from '../queries.ts';
import { PairedList } from './PairedList.tsx';
import { PendingCard } from './PendingCard.tsx';
import { PinCard } from './PinCard.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import './devices.css';

export function DevicesPage() {
  const { t } = useTranslation('console');
  const { data: devices, error: devicesError } = useQuery(devicesQuery);
  const { data: pending = [], error: pendingError } = useQuery(pendingQuery);
  const { data: profiles } = useQuery(profilesQuery);
  const { data: host } = useQuery(hostQuery);
  const { remove } = useSearch({ from: '/devices' });
  const navigate = useNavigate({ from: '/devices' });
  const removing = devices?.find((device) => device.fingerprint === remove);
  const paired =
    devices === undefined ? t('loading') : devices.length === 0 ? t('doors.none') : t('doors.paired', { count: devices.length });
  const waiting = pending.length === 0 ? '' : t('who.waiting', { count: pending.length });
  return (
    <>
      <PageHead question={t('doors.title')} answer={`${paired} ${waiting}`} error={devicesError ?? pendingError} />
      {pending.length > 0 && (
        <section className="knocks" aria-labelledby="pending-title">
          <h2 id="pending-title">{t('pending.title')}</h2>
          <p className="soft">{t('pending.compare')}</p>
          <ul>
            {pending.map((device) => (
              <PendingCard key={device.id} device={device} profiles={profiles ?? []} />
            ))}
          </ul>
        </section>
      )}
      {devices?.length === 0 && pending.length === 0 && (
        <div className="card nothing">
          <Icon name="devices" size={44} />
          <p className="soft">{t('doors.noneText')}</p>
        </div>
      )}
      <PinCard address={host?.url} />
      {devices !== undefined && devices.length > 0 && (
        <section aria-labelledby="paired-title">
          <h2 id="paired-title">{t('paired.title')}</h2>
          <PairedList
            devices={devices}
            profiles={profiles}
            onRemove={(fingerprint) => void navigate({ search: { remove: fingerprint } })}
          />
        </section>
      )}
      {removing !== undefined && <RemoveDialog device={removing} onClose={() => void navigate({ search: {} })} />}
    </>
  );
}

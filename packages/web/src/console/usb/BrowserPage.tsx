import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { UsbPlace, UsbRemoteHost } from '@usher/sdk/api';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { PageHead } from '../PageHead.tsx';
import { api, hostQuery, usbRemoteHostsQuery } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { ConnectCard } from './ConnectCard.tsx';
import { DeviceShelf } from './DeviceShelf.tsx';
import './usb.css';

const HERE = 'here';
const ANOTHER = 'another';

/** This host's devices or another's, opened and read as the operator (U5.5). */
export function BrowserPage() {
  const { t } = useTranslation('usb');
  const { data: hosts = [], error } = useQuery(usbRemoteHostsQuery);
  const { data: own } = useQuery(hostQuery);
  const [chosen, setChosen] = useState(HERE);
  const queries = useQueryClient();
  const show = (connected: UsbRemoteHost) => {
    // At once: until the list came again, the devices of this host would stand here in the place of that one's.
    queries.setQueryData(usbRemoteHostsQuery.queryKey, (known = []) => [...known.filter(({ id }) => id !== connected.id), connected]);
    setChosen(connected.id);
  };
  const leave = useChange((gone: UsbRemoteHost) => api.usb.disconnectRemote(gone.id));
  const host = hosts.find(({ id }) => id === chosen);
  const where = host?.id ?? (chosen === ANOTHER ? ANOTHER : HERE);
  return (
    <>
      <PageHead
        question={t('browse.title')}
        answer={where === ANOTHER ? t('browse.answer') : (host?.name ?? t('browse.thisHost'))}
        error={error}
      />
      <div className="usb-where">
        <SelectField label={t('browse.where')} value={where} onChange={setChosen}>
          <option value={HERE}>{t('browse.thisHost')}</option>
          {hosts.map(({ id, name, address }) => (
            <option key={id} value={id}>
              {`${name} (${address})`}
            </option>
          ))}
          <option value={ANOTHER}>{t('browse.another')}</option>
        </SelectField>
        {host !== undefined && (
          <Button
            disabled={leave.isPending}
            onClick={() => {
              setChosen(HERE); // first: nothing may be asked of a host that is being forgotten
              leave.mutate(host);
            }}
          >
            {t('browse.leave')}
          </Button>
        )}
      </div>
      {leave.error !== null && <FailureNote failure={toFailure(leave.error)} />}
      {where === ANOTHER && <ConnectCard onConnected={show} />}
      {where === HERE && own?.usb.running === false && (
        <p>
          {t('browse.off')} <Link to="/usb">{t('sharing')}</Link>
        </p>
      )}
      {(host !== undefined || (where === HERE && own?.usb.running === true)) && <DeviceShelf key={where} place={placeOf(host)} />}
    </>
  );
}

function placeOf(host: UsbRemoteHost | undefined): UsbPlace {
  return host === undefined ? { kind: 'loopback' } : { kind: 'remote', host: host.id };
}

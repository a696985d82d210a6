import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { PageHead } from '../PageHead.tsx';
import { api, hostQuery, usbAclQuery, usbDevicesQuery } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { LentList } from './LentList.tsx';
import { NewsCard } from './NewsCard.tsx';
import { PluggedList } from './PluggedList.tsx';
import { RulesCard } from './RulesCard.tsx';
import { UntrustedCard } from './UntrustedCard.tsx';
import './usb.css';

/** What is plugged in, what of it may be borrowed by whom, and what is (U5.5). */
export function SharingPage() {
  const { t } = useTranslation(['usb', 'console']);
  const { data: host, error: hostError } = useQuery(hostQuery);
  const isOn = host?.usb.enabled === true;
  const isRunning = isOn && host.usb.running;
  const { data: list, error: listError } = useQuery({ ...usbDevicesQuery, enabled: isRunning });
  const { data: acl, error: aclError } = useQuery({ ...usbAclQuery, enabled: isRunning });
  const turn = useChange((enabled: boolean) => api.setUsbPassthrough(enabled));

  const answer = () => {
    if (host === undefined) return hostError === null ? t('console:loading') : '';
    if (!isOn) return t('page.off');
    if (!isRunning) return t('page.starting');
    if (list === undefined) return listError === null ? t('console:loading') : '';
    return list.count === 0 ? t('page.none') : t('page.some', { count: list.count });
  };
  return (
    <>
      <PageHead
        question={t('page.title')}
        answer={answer()}
        error={hostError ?? (isRunning ? (listError ?? aclError) : null)}
        action={
          host !== undefined && (
            <Button look={isOn ? 'quiet' : 'primary'} disabled={turn.isPending} onClick={() => turn.mutate(!isOn)}>
              {t(turn.isPending ? 'page.turning' : isOn ? 'page.turnOff' : 'page.turnOn')}
            </Button>
          )
        }
      />
      {turn.error !== null && <FailureNote failure={toFailure(turn.error)} />}
      {host !== undefined && !isOn && (
        <section className="card usb-off">
          <p>{t('off.text')}</p>
          <p className="soft">{t('off.keep')}</p>
          <Command text="usher up --usb-passthrough" />
        </section>
      )}
      {isOn && host.usb.problem !== undefined && (
        <FailureNote failure={{ code: 'usb.backend-unavailable', reject: undefined }} hostWords={host.usb.problem} />
      )}
      {isRunning && acl !== undefined && !acl.integrity_ok && <UntrustedCard acl={acl} />}
      {isRunning && <LentList />}
      {isRunning && list !== undefined && acl !== undefined && <PluggedList list={list} acl={acl} />}
      {isRunning && acl !== undefined && <RulesCard acl={acl} />}
      {isRunning && <NewsCard />}
    </>
  );
}

import type { AuditEntry, PairedClient } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { useProfileNames } from '../profiles/house.ts';
import { useEventName } from './event-name.ts';

interface AuditListProps {
  readonly entries: readonly AuditEntry[];
  readonly devices: readonly PairedClient[];
}

/** A table where there is room; on a phone each row becomes a card. */
export function AuditList({ entries, devices }: AuditListProps) {
  const { t, i18n } = useTranslation('audit');
  const eventName = useEventName();
  const nameOf = useProfileNames();
  const times = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <table className="card audit">
      <thead>
        <tr>
          <th scope="col">{t('list.time')}</th>
          <th scope="col">{t('list.event')}</th>
          <th scope="col">{t('list.principal')}</th>
          <th scope="col">{t('list.profile')}</th>
          <th scope="col">{t('list.details')}</th>
          <th scope="col" className="audit-seq">
            {t('list.seq')}
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.seq}>
            <td className="audit-time">
              <time dateTime={new Date(entry.unix * 1000).toISOString()}>{times.format(entry.unix * 1000)}</time>
            </td>
            <th scope="row" title={entry.event}>
              {eventName(entry.event)}
            </th>
            <td>
              <Principal principal={entry.principal} devices={devices} />
            </td>
            <td>{entry.profile === undefined ? '' : nameOf(entry.profile)}</td>
            <td className="audit-details">
              {Object.entries(entry.fields ?? {}).map(([name, value]) => (
                <span key={name}>
                  {name}: <code title={String(value)}>{shortened(String(value))}</code>
                </span>
              ))}
            </td>
            <td className="audit-seq">{entry.seq}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A device by its name where it is still paired, and by its fingerprint where it isn't. */
function Principal({ principal, devices }: { readonly principal: string; readonly devices: readonly PairedClient[] }) {
  const { t } = useTranslation('audit');
  if (principal === 'operator' || principal === 'host') return t(`principal.${principal}`);
  const fingerprint = principal.replace(/^device:/, '');
  const name = devices.find((device) => device.fingerprint === fingerprint)?.name;
  return <span title={fingerprint}>{name ?? t('principal.device', { fingerprint: fingerprint.slice(0, 8) })}</span>;
}

/** Of a fingerprint what people compare; the rest is in the title. */
function shortened(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 8) : value;
}

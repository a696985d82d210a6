import { Link } from '@tanstack/react-router';
import type { PairedClient, ProfileAdmin } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { since } from '../../ui/duration.ts';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';
import { homeOf } from '../profiles/house.ts';

interface PairedListProps {
  readonly devices: readonly PairedClient[];
  /** Undefined while they aren't known. */
  readonly profiles: readonly ProfileAdmin[] | undefined;
  readonly onRemove: (fingerprint: string) => void;
}

/** A table where there is room; on a phone each row becomes a card. */
export function PairedList({ devices, profiles, onRemove }: PairedListProps) {
  const { t, i18n } = useTranslation('console');
  const now = useUnixSeconds();
  return (
    <table className="card paired">
      <thead>
        <tr>
          <th scope="col">{t('paired.device')}</th>
          <th scope="col">{t('paired.fingerprint')}</th>
          <th scope="col">{t('paired.profile')}</th>
          <th scope="col">{t('paired.since')}</th>
          <th scope="col">{t('paired.state')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          <tr key={device.fingerprint}>
            <th scope="row">{device.name}</th>
            <td>
              <Fingerprint value={device.fingerprint} />
            </td>
            <td>
              <Home profile={homeOf(profiles, device.fingerprint)} />
            </td>
            <td title={new Date(device.paired_unix * 1000).toLocaleString(i18n.language)}>
              {since(device.paired_unix, now, i18n.language)}
            </td>
            <td>
              <Badge tone={device.connected ? 'good' : 'calm'}>{t(device.connected ? 'paired.connected' : 'paired.away')}</Badge>
            </td>
            <td className="paired-action">
              <Button
                look="plain"
                icon={<Icon name="trash" />}
                aria-label={t('paired.removeName', { name: device.name })}
                onClick={() => onRemove(device.fingerprint)}
              >
                {t('paired.remove')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Where the device comes to: its own profile, or the default one. */
function Home({ profile }: { readonly profile: ProfileAdmin | undefined }) {
  const { t } = useTranslation('console');
  if (profile === undefined) return <span className="soft">{t('paired.standard')}</span>;
  return (
    <Link to="/profiles/$id" params={{ id: profile.id }}>
      {profile.display_name}
    </Link>
  );
}

import type { ProfileAdmin } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge.tsx';
import type { Obstacle } from './obstacles.ts';

interface ProfileBadgesProps {
  readonly profile: ProfileAdmin;
  readonly obstacles: readonly Obstacle[];
  readonly isInUse: boolean;
}

/** What is to be known of a profile at a glance: what keeps it shut comes first. */
export function ProfileBadges({ profile, obstacles, isInUse }: ProfileBadgesProps) {
  const { t } = useTranslation('profiles');
  const hasNoCredential = obstacles.includes('no-credential');
  const isShut = obstacles.some((obstacle) => obstacle !== 'no-credential');
  return (
    <p className="profile-badges">
      {isShut && (
        <Badge tone="warn" icon="warning">
          {t('badge.closed')}
        </Badge>
      )}
      {hasNoCredential && (
        <Badge tone="warn" icon="key">
          {t('badge.credential')}
        </Badge>
      )}
      {isInUse && <Badge tone="good">{t('badge.inUse')}</Badge>}
      {profile.is_default && (
        <Badge tone="calm" icon="star">
          {t('badge.standard')}
        </Badge>
      )}
      {profile.os_account.kind === 'operator' && (
        <Badge tone="calm" icon="desktop">
          {t('badge.operator')}
        </Badge>
      )}
      {profile.has_passcode && (
        <Badge tone="calm" icon="lock">
          {t('badge.passcode')}
        </Badge>
      )}
      {profile.allow_shared_view && !profile.has_passcode && (
        <Badge tone="calm" icon="people">
          {t('badge.shared')}
        </Badge>
      )}
    </p>
  );
}

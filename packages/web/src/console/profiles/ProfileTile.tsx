import { Link } from '@tanstack/react-router';
import type { ProfileAdmin } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/Avatar.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { useAccountLine } from './house.ts';
import { obstaclesOf, type Surroundings } from './obstacles.ts';
import { ProfileBadges } from './ProfileBadges.tsx';

interface TileProps {
  readonly isInUse: boolean;
  readonly busy: boolean;
  readonly onMakeDefault: () => void;
}

interface ProfileTileProps extends TileProps {
  readonly profile: ProfileAdmin;
  readonly surroundings: Surroundings;
}

/** One profile; the whole tile leads to its page. */
export function ProfileTile({ profile, surroundings, isInUse, busy, onMakeDefault }: ProfileTileProps) {
  const { t } = useTranslation('profiles');
  const accountLine = useAccountLine();
  const { id, display_name: name, os_account: account } = profile;
  return (
    <li className="card tile">
      <Avatar name={name} accent={profile.accent} avatar={profile.avatar} />
      <div className="tile-who">
        <h2>
          <Link to="/profiles/$id" params={{ id }} className="tile-link">
            {name}
          </Link>
        </h2>
        <p className="soft">{accountLine(account, surroundings.accounts)}</p>
      </div>
      <ProfileBadges profile={profile} obstacles={obstaclesOf(account, surroundings)} isInUse={isInUse} />
      <TileFoot
        words={t('devices', { count: profile.assigned_fingerprints.length })}
        name={name}
        isDefault={profile.is_default}
        busy={busy}
        onMakeDefault={onMakeDefault}
      />
    </li>
  );
}

/** The built-in profile: nothing of it can be changed, except whether it is the default. */
export function OperatorTile({ isDefault, isInUse, busy, onMakeDefault }: TileProps & { readonly isDefault: boolean }) {
  const { t } = useTranslation('profiles');
  const name = t('operator.name');
  return (
    <li className="card tile tile-builtin">
      <Avatar name={name} accent="slate" />
      <div className="tile-who">
        <h2>{name}</h2>
        <p className="soft">{t('operator.text')}</p>
      </div>
      <p className="profile-badges">
        {isInUse && <Badge tone="good">{t('badge.inUse')}</Badge>}
        {isDefault && (
          <Badge tone="calm" icon="star">
            {t('badge.standard')}
          </Badge>
        )}
      </p>
      <TileFoot words={isDefault ? t('defaultText') : ''} name={name} isDefault={isDefault} busy={busy} onMakeDefault={onMakeDefault} />
    </li>
  );
}

interface TileFootProps extends Omit<TileProps, 'isInUse'> {
  readonly words: string;
  readonly name: string;
  readonly isDefault: boolean;
}

function TileFoot({ words, name, isDefault, busy, onMakeDefault }: TileFootProps) {
  const { t } = useTranslation('profiles');
  return (
    <div className="tile-foot">
      <p className="soft">{words}</p>
      {!isDefault && (
        <Button look="plain" disabled={busy} aria-label={t('makeDefaultName', { name })} onClick={onMakeDefault}>
          {t('makeDefault')}
        </Button>
      )}
    </div>
  );
}

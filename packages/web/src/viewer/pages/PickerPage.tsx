import type { ProfileEntry } from '@usher/sdk';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../i18n/failures/failure.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { accentColours } from '../../ui/accent.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { takeFocus } from '../../ui/take-focus.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import './Profiles.css';

interface PickerPageProps {
  /** Undefined while the host is asked. */
  readonly profiles: readonly ProfileEntry[] | undefined;
  /** Those whose passcode this device remembers. */
  readonly remembered: readonly string[];
  /** Why the person has to choose again. */
  readonly failure: Failure | undefined;
  readonly onPick: (profile: ProfileEntry) => void;
  readonly onAgain: () => void;
  readonly onBack: () => void;
}

/** Whose desktop? One press leads in, but for a profile that asks for its passcode. */
export function PickerPage({ profiles, remembered, failure, onPick, onAgain, onBack }: PickerPageProps) {
  const { t } = useTranslation('viewer');
  if (profiles === undefined) {
    return (
      <>
        <Waiting words={t('picker.loading')} />
        <div className="way-actions">
          <Button onClick={onBack}>{t('picker.back')}</Button>
        </div>
      </>
    );
  }
  return (
    <>
      {failure !== undefined && <FailureNote failure={failure} />}
      {profiles.length === 0 ? (
        <p>{t('picker.noneText')}</p>
      ) : (
        <ul className="profiles">
          {profiles.map((profile, at) => (
            <li key={profile.id}>
              <ProfileTile profile={profile} remembered={remembered.includes(profile.id)} first={at === 0} onPick={() => onPick(profile)} />
            </li>
          ))}
        </ul>
      )}
      <div className="way-actions">
        {profiles.length === 0 && (
          <Button look="primary" large onClick={onAgain}>
            {t('picker.again')}
          </Button>
        )}
        <Button look="plain" onClick={onBack}>
          {t('picker.back')}
        </Button>
      </div>
    </>
  );
}

interface ProfileTileProps {
  readonly profile: ProfileEntry;
  readonly remembered: boolean;
  /** Takes the focus: arrows and one button are enough from here. */
  readonly first: boolean;
  readonly onPick: () => void;
}

function ProfileTile({ profile, remembered, first, onPick }: ProfileTileProps) {
  const { t } = useTranslation('viewer');
  const { ground } = accentColours(profile.accent);
  return (
    <button type="button" className="profile" ref={first ? takeFocus : undefined} onClick={onPick}>
      <span className="profile-face" style={{ borderColor: ground }}>
        <Avatar name={profile.displayName} accent={profile.accent} avatar={profile.avatar} />
      </span>
      <strong>{profile.displayName}</strong>
      <span className="profile-badges">
        {profile.assigned && <Sign icon="check" words={t('picker.own')} />}
        {profile.passcodeRequired && (
          <Sign icon={remembered ? 'key' : 'lock'} words={t(remembered ? 'picker.remembered' : 'picker.locked')} />
        )}
      </span>
    </button>
  );
}

function Sign({ icon, words }: { readonly icon: IconName; readonly words: string }) {
  return (
    <span className="profile-sign">
      <Icon name={icon} size={16} />
      {words}
    </span>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ProfileAdmin } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/Avatar.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { EndDialog } from '../overview/EndDialog.tsx';
import { PageHead } from '../PageHead.tsx';
import { api, devicesQuery, profilesQuery, sessionsQuery } from '../queries.ts';
import { AssignedCard } from './AssignedCard.tsx';
import { EditForm } from './form/EditForm.tsx';
import { useSurroundings } from './house.ts';
import { ObstacleNotes } from './ObstacleNotes.tsx';
import { obstaclesOf } from './obstacles.ts';
import { PasscodeCard } from './PasscodeCard.tsx';
import { ProfileBadges } from './ProfileBadges.tsx';
import { RemoveCard } from './RemoveCard.tsx';
import { RemoveProfileDialog } from './RemoveProfileDialog.tsx';
import { SessionsCard } from './SessionsCard.tsx';
import './profiles.css';
import './profile.css';

/** One profile: what it says on the left, who may use it and who does on the right. */
export function ProfilePage() {
  const { t } = useTranslation(['profiles', 'console']);
  const { id } = useParams({ from: '/profiles/$id' });
  const { data: profiles, error } = useQuery(profilesQuery);
  const profile = profiles?.find((candidate) => candidate.id === id);
  return (
    <>
      <BackLink />
      {profile === undefined ? (
        <PageHead
          question={t('one.title')}
          answer={profiles !== undefined ? t('one.gone') : error === null ? t('console:loading') : ''}
          error={error}
        />
      ) : (
        <Profile key={id} profile={profile} profiles={profiles ?? []} />
      )}
      {profiles !== undefined && profile === undefined && <p>{t('one.goneText')}</p>}
    </>
  );
}

export function BackLink() {
  const { t } = useTranslation('profiles');
  return (
    <p className="back">
      <Link to="/profiles" className="button button-plain" activeOptions={{ exact: true }}>
        <Icon name="back" />
        <span>{t('one.back')}</span>
      </Link>
    </p>
  );
}

function Profile({ profile, profiles }: { readonly profile: ProfileAdmin; readonly profiles: readonly ProfileAdmin[] }) {
  const { t } = useTranslation('profiles');
  const { end, remove } = useSearch({ from: '/profiles/$id' });
  const navigate = useNavigate({ from: '/profiles/$id' });
  const { data: sessions = [] } = useQuery(sessionsQuery);
  const { data: devices } = useQuery(devicesQuery);
  const surroundings = useSurroundings();
  const obstacles = obstaclesOf(profile.os_account, surroundings);
  const here = sessions.filter((session) => session.profile_id === profile.id);
  const ending = here.find((session) => session.session_id === end);
  const closeDialog = () => void navigate({ search: {} });
  return (
    <>
      <PageHead
        question={t('one.title')}
        answer={profile.display_name}
        picture={<Avatar name={profile.display_name} accent={profile.accent} avatar={profile.avatar} />}
      />
      <ProfileBadges profile={profile} obstacles={obstacles} isInUse={here.length > 0} />
      <ObstacleNotes obstacles={obstacles} account={profile.os_account} accounts={surroundings.accounts} />
      <div className="profile-columns">
        <EditForm profile={profile} />
        <div className="profile-side">
          <PasscodeCard profile={profile} />
          <AssignedCard profile={profile} profiles={profiles} devices={devices} />
          <SessionsCard sessions={here} onReclaim={(session) => void navigate({ search: { end: session } })} />
          <RemoveCard onRemove={() => void navigate({ search: { remove: true } })} />
        </div>
      </div>
      {ending !== undefined && <EndDialog session={ending} onClose={closeDialog} />}
      {remove === true && (
        <RemoveProfileDialog
          profile={profile}
          running={here.length}
          onClose={closeDialog}
          onRemove={(running) => api.removeProfile(profile.id, running)}
          onRemoved={() => void navigate({ to: '/profiles' })}
        />
      )}
    </>
  );
}

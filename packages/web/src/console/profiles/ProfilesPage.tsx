import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { PageHead } from '../PageHead.tsx';
import { api, profilesQuery, sessionsQuery } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { OPERATOR, PROFILES_MAX, useSurroundings } from './house.ts';
import { ObstacleNotes } from './ObstacleNotes.tsx';
import { obstaclesOf } from './obstacles.ts';
import { OperatorTile, ProfileTile } from './ProfileTile.tsx';
import './profiles.css';

export function ProfilesPage() {
  const { t } = useTranslation(['profiles', 'console']);
  const { data: profiles, error } = useQuery(profilesQuery);
  const { data: sessions = [] } = useQuery(sessionsQuery);
  const surroundings = useSurroundings();
  const makeDefault = useChange((id: string | null) => api.setDefaultProfile(id));

  const isIn = (id: string) => sessions.some((session) => session.profile_id === id);
  const shut = profiles?.find((profile) => obstaclesOf(profile.os_account, surroundings).includes('no-broker'));
  const answer =
    profiles === undefined
      ? error === null
        ? t('console:loading')
        : ''
      : profiles.length === 0
        ? t('page.none')
        : t('page.some', { count: profiles.length });
  return (
    <>
      <PageHead
        question={t('page.title')}
        answer={answer}
        error={error}
        action={
          profiles !== undefined &&
          profiles.length < PROFILES_MAX && (
            <Link to="/profiles/new" className="button button-primary">
              <Icon name="plus" />
              <span>{t('page.make')}</span>
            </Link>
          )
        }
      />
      {makeDefault.error !== null && <FailureNote failure={toFailure(makeDefault.error)} />}
      {shut !== undefined && <ObstacleNotes obstacles={['no-broker']} account={shut.os_account} accounts={surroundings.accounts} />}
      {profiles !== undefined && (
        <ul className="tiles">
          <OperatorTile
            isDefault={!profiles.some((profile) => profile.is_default)}
            isInUse={isIn(OPERATOR)}
            busy={makeDefault.isPending}
            onMakeDefault={() => makeDefault.mutate(null)}
          />
          {profiles.map((profile) => (
            <ProfileTile
              key={profile.id}
              profile={profile}
              surroundings={surroundings}
              isInUse={isIn(profile.id)}
              busy={makeDefault.isPending}
              onMakeDefault={() => makeDefault.mutate(profile.id)}
            />
          ))}
        </ul>
      )}
      {profiles?.length === 0 && <p className="profiles-empty">{t('page.emptyText')}</p>}
      {profiles !== undefined && profiles.length >= PROFILES_MAX && <p className="soft">{t('page.full')}</p>}
      <p className="soft profiles-note">{t('page.native')}</p>
    </>
  );
}

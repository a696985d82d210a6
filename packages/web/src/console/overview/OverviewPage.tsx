import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/Icon.tsx';
import { PageHead } from '../PageHead.tsx';
import { hostQuery, sessionsQuery } from '../queries.ts';
import { EndDialog } from './EndDialog.tsx';
import { HostCard } from './HostCard.tsx';
import { Problems } from './Problems.tsx';
import { SessionList } from './SessionList.tsx';
import './overview.css';

export function OverviewPage() {
  const { t } = useTranslation('console');
  const { data: sessions, error: sessionsError } = useQuery(sessionsQuery);
  const { data: host, error: hostError } = useQuery(hostQuery);
  const { end } = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const ending = sessions?.find((session) => session.session_id === end);
  const answer = sessions === undefined ? t('loading') : sessions.length === 0 ? t('who.nobody') : t('who.in', { count: sessions.length });
  return (
    <>
      <PageHead question={t('who.title')} answer={answer} error={sessionsError ?? hostError} />
      {host !== undefined && <Problems problems={host.problems} />}
      {host !== undefined && host.pending > 0 && (
        <p className="waiting-line">
          <Icon name="bell" />
          <span>{t('who.waiting', { count: host.pending })}</span>
          <Link to="/devices" className="button button-primary">
            {t('who.decide')}
          </Link>
        </p>
      )}
      {sessions !== undefined && <SessionList sessions={sessions} onEnd={(id) => void navigate({ search: { end: id } })} />}
      {host !== undefined && <HostCard host={host} />}
      {ending !== undefined && <EndDialog session={ending} onClose={() => void navigate({ search: {} })} />}
    </>
  );
}

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { since } from '../../ui/duration.ts';
import { useUnixSeconds } from '../../ui/timing.ts';
import { PageHead } from '../PageHead.tsx';
import { AUDIT_MAX, auditQuery, devicesQuery, profilesQuery } from '../queries.ts';
import { AuditFilters } from './AuditFilters.tsx';
import { AuditList } from './AuditList.tsx';
import { type AuditSearch, filterOf } from './audit-search.ts';
import { useEventName } from './event-name.ts';
import { VerifyCard } from './VerifyCard.tsx';
import './audit.css';

/** What was decided, newest first. */
export function AuditPage() {
  const { t, i18n } = useTranslation(['audit', 'console']);
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const eventName = useEventName();
  const now = useUnixSeconds();
  const { data: profiles = [] } = useQuery(profilesQuery);
  const { data: devices = [] } = useQuery(devicesQuery);
  const audit = useInfiniteQuery({ ...auditQuery(filterOf(search)), placeholderData: keepPreviousData });
  const entries = audit.data?.pages.flat();
  const newest = entries?.[0];
  const isFiltered = Object.keys(search).length > 0;
  const answer =
    entries === undefined
      ? audit.error === null
        ? t('console:loading')
        : ''
      : newest !== undefined
        ? t('latest', { event: eventName(newest.event), ago: since(newest.unix, now, i18n.language) })
        : t(isFiltered ? 'none' : 'nothing');
  const choose = (wanted: AuditSearch) => void navigate({ search: wanted, replace: true });
  return (
    <>
      <PageHead question={t('title')} answer={answer} error={audit.error} />
      <VerifyCard />
      <AuditFilters search={search} profiles={profiles} devices={devices} onChoose={choose} />
      {entries !== undefined && entries.length > 0 && (
        <section aria-labelledby="entries-title" aria-busy={audit.isFetching}>
          <div className="audit-head">
            <h2 id="entries-title">{t('list.title')}</h2>
            <Button look="plain" disabled={audit.isFetching} onClick={() => void audit.refetch()}>
              {t(audit.isRefetching ? 'list.loading' : 'list.refresh')}
            </Button>
          </div>
          <AuditList entries={entries} devices={devices} />
          {audit.hasNextPage ? (
            <div className="card-actions">
              <Button disabled={audit.isFetching} onClick={() => void audit.fetchNextPage()}>
                {t(audit.isFetchingNextPage ? 'list.loading' : 'list.older')}
              </Button>
            </div>
          ) : (
            <p className="soft">{entries.length >= AUDIT_MAX ? t('list.bounded', { count: AUDIT_MAX }) : t('list.end')}</p>
          )}
        </section>
      )}
    </>
  );
}

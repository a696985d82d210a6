import type { Session } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { since } from '../../ui/duration.ts';
import { useUnixSeconds } from '../../ui/timing.ts';

interface SessionsCardProps {
  readonly sessions: readonly Session[];
  readonly onReclaim: (id: string) => void;
}

/** Who is in this profile's desktop, and the way to get it back. */
export function SessionsCard({ sessions, onReclaim }: SessionsCardProps) {
  const { t, i18n } = useTranslation(['profiles', 'console']);
  const now = useUnixSeconds();
  return (
    <section className="card side-card" aria-labelledby="here-title">
      <h2 id="here-title">{t('sessions.title')}</h2>
      {sessions.length === 0 ? (
        <p>{t('sessions.none')}</p>
      ) : (
        <ul className="side-list">
          {sessions.map((session) => (
            <li key={session.session_id}>
              <span>
                <b>{session.device_name}</b>
                <span className="soft">{t('console:who.came', { ago: since(session.started_unix, now, i18n.language) })}</span>
              </span>
              <Button aria-label={t('sessions.reclaimName', { name: session.device_name })} onClick={() => onReclaim(session.session_id)}>
                {t('sessions.reclaim')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

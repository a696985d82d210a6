import { Link } from '@tanstack/react-router';
import type { Session } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { since } from '../../ui/duration.ts';
import { ShortFingerprint } from '../../ui/Fingerprint.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';
import { useProfileNames } from '../profiles/house.ts';

interface SessionListProps {
  readonly sessions: readonly Session[];
  readonly onEnd: (id: string) => void;
}

/** Who is in, one card each. */
export function SessionList({ sessions, onEnd }: SessionListProps) {
  const { t, i18n } = useTranslation('console');
  const nameOf = useProfileNames();
  const now = useUnixSeconds();
  if (sessions.length === 0) {
    return (
      <div className="card nothing">
        <Icon name="door" size={44} />
        <p className="soft">{t('who.nobodyText')}</p>
        <Link to="/devices" className="button button-primary">
          {t('who.pair')}
        </Link>
      </div>
    );
  }
  return (
    <ul className="sessions">
      {sessions.map((session) => (
        <li key={session.session_id} className="card session">
          <div className="session-who">
            <h2>{session.device_name}</h2>
            <p className="soft">
              <ShortFingerprint value={session.client_fp} /> · {t('who.profile', { profile: nameOf(session.profile_id) })}
            </p>
          </div>
          <Badge tone="good">{t('who.came', { ago: since(session.started_unix, now, i18n.language) })}</Badge>
          <p className="session-how soft">
            {[
              t('who.picture', { width: session.width, height: session.height, codec: session.codec.toUpperCase() }),
              t('who.rate', { megabits: (session.bitrate_kbps / 1000).toLocaleString(i18n.language, { maximumFractionDigits: 1 }) }),
              ...(session.rtt_ms === undefined ? [] : [t('who.roundTrip', { milliseconds: Math.round(session.rtt_ms) })]),
            ].join(' · ')}
          </p>
          <Button onClick={() => onEnd(session.session_id)}>{t('who.end')}</Button>
        </li>
      ))}
    </ul>
  );
}

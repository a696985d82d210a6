import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Failure, failureText, remedyFor } from '../../i18n/failures/failure.ts';
import type { Action } from '../../i18n/failures/remedies.ts';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';

interface RefusedPageProps {
  readonly failure: Failure;
  /** The host's, where it isn't the one that this device knows. */
  readonly strangeHost: string | undefined;
  readonly knocking: boolean;
  readonly onAction: (action: Action) => void;
  /** Set where another profile may help. */
  readonly onChoose: (() => void) | undefined;
}

/** Why it didn't work, and the one thing to do. The title and the reason stand above, as on every page. */
export function RefusedPage({ failure, strangeHost, knocking, onAction, onChoose }: RefusedPageProps) {
  const { t, i18n } = useTranslation('viewer');
  const text = failureText(failure, i18n.language);
  const { action, command } = remedyFor(failure);
  const wait = useCountdown(failure.retrySeconds);
  return (
    <>
      <div className="ways">
        <p>{text.todo}</p>
        {command !== undefined && <Command text={command} />}
        {failure.code === 'pairing.host-changed' && strangeHost !== undefined && (
          <div>
            <p>{t('refused.hostShows')}</p>
            <Fingerprint value={strangeHost} />
          </div>
        )}
      </div>
      <div className="way-actions">
        {action !== 'none' && (
          <Button look="primary" large autoFocus disabled={wait > 0} onClick={() => onAction(action)}>
            {t(labelOf(action, knocking))} {wait > 0 && t('refused.inSeconds', { seconds: wait })}
          </Button>
        )}
        {onChoose !== undefined && <Button onClick={onChoose}>{t('refused.choose')}</Button>}
        {action !== 'start' && action !== 'anew' && (
          <Button look="plain" onClick={() => onAction('start')}>
            {t('refused.start')}
          </Button>
        )}
      </div>
      {/* Of a profile the host knows more than this page: which group is missing, on which device it is in use. */}
      <details className="host-said" open={failure.reject !== undefined}>
        <summary>{t('refused.hostSays')}</summary>
        <p>
          {failure.message !== '' && <span lang="en">{failure.message} </span>}({t('refused.code')}{' '}
          <code translate="no">{failure.code}</code>)
        </p>
      </details>
    </>
  );
}

function labelOf(action: Exclude<Action, 'none'>, knocking: boolean) {
  if (action === 'again') return knocking ? 'refused.askAgain' : 'refused.again';
  return `refused.${action}` as const;
}

/** Seconds until another try is worth it. */
function useCountdown(seconds: number | undefined): number {
  const now = useUnixSeconds();
  const [until] = useState(() => now + (seconds ?? 0));
  return Math.max(0, until - now);
}

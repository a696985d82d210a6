import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { minutesAndSeconds } from '../../ui/duration.ts';
import { ShortFingerprint } from '../../ui/Fingerprint.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';

interface KnockPageProps {
  /** This device's own, for the operator to compare. */
  readonly fingerprint: string;
  readonly untilUnix: number;
  readonly consoleAddress: string;
  readonly onPin: () => void;
  readonly onCancel: () => void;
}

/** The knock waits for the operator's word. */
export function KnockPage({ fingerprint, untilUnix, consoleAddress, onPin, onCancel }: KnockPageProps) {
  const { t } = useTranslation(['viewer', 'common']);
  const now = useUnixSeconds();
  return (
    <>
      <div className="ways">
        <p>{t('knock.compare')}</p>
        <p className="fingerprint-big">
          <ShortFingerprint value={fingerprint} />
        </p>
        <p className="time-left" role="timer">
          {t('knock.left', { time: minutesAndSeconds(untilUnix - now) })}
        </p>
      </div>
      <p className="way-where">
        <span>
          {t('knock.where')} <code translate="no">{consoleAddress}</code>
        </span>
      </p>
      <div className="way-actions">
        <Button onClick={onCancel}>{t('common:cancel')}</Button>
        <Button look="plain" onClick={onPin}>
          {t('welcome.pinTitle')}
        </Button>
      </div>
    </>
  );
}

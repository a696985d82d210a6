import { useTranslation } from 'react-i18next';
import { minutesAndSeconds } from '../../ui/duration.ts';
import { useUnixSeconds } from '../../ui/timing.ts';
import type { Refusal } from '../viewer-state.ts';

interface PasscodeWait {
  /** Whether the host looks at no passcode of this device yet. */
  readonly waits: boolean;
  /** What became of the last one; undefined where none was given yet. */
  readonly problem: string | undefined;
  /** For the button: "in 0:14", or nothing. */
  readonly when: string;
}

/** A wrong passcode is told from a missing one, and the wait that goes with it is counted down (requirement P9.2). */
export function usePasscodeWait(refusal: Refusal | undefined): PasscodeWait {
  const { t } = useTranslation('viewer');
  const left = Math.ceil((refusal?.opensUnix ?? 0) - useUnixSeconds());
  const waits = left > 0;
  const reason = refusal?.failure.reject;
  const problem =
    reason === 'WrongPasscode' ? t('passcode.wrong') : reason === 'LockedOut' ? t(waits ? 'passcode.locked' : 'passcode.again') : undefined;
  return { waits, problem, when: waits ? t('passcode.opensIn', { time: minutesAndSeconds(left) }) : '' };
}

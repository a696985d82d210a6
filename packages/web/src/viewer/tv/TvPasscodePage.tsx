import type { ProfileEntry } from '@usher/sdk';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { usePasscodeWait } from '../pages/use-passcode-wait.ts';
import { SecretText } from '../secret-text.ts';
import type { TypedPasscode } from '../use-viewer.ts';
import type { Refusal } from '../viewer-state.ts';
import { Pad } from './Pad.tsx';

interface TvPasscodePageProps {
  readonly profile: ProfileEntry;
  readonly refusal: Refusal | undefined;
  readonly onEnter: (typed: TypedPasscode) => void;
  readonly onBack: () => void;
}

/** Takes the passcode by a remote control. Nothing is offered to be remembered: a television is everybody's (requirement P9.5). */
export function TvPasscodePage({ profile, refusal, onEnter, onBack }: TvPasscodePageProps) {
  const { t } = useTranslation('viewer');
  const secret = useRef(new SecretText());
  const [typed, setTyped] = useState(0);
  const [empty, setEmpty] = useState(false);
  const wait = usePasscodeWait(refusal);
  useEffect(() => {
    const { current } = secret;
    return () => current.wipe();
  }, []);

  const change = (work: (secret: SecretText) => void) => {
    work(secret.current);
    setTyped(secret.current.characters);
    setEmpty(false);
  };
  const enter = () => {
    if (wait.waits) return;
    if (secret.current.characters === 0) setEmpty(true);
    else onEnter({ passcode: secret.current.take(), remember: false });
  };
  return (
    <div className="way-form">
      <p className="passcode-whose">
        <Avatar name={profile.displayName} accent={profile.accent} avatar={profile.avatar} />
        <strong>{profile.displayName}</strong>
      </p>
      <p className="typed" role="status" aria-label={t('pad.typed', { count: typed })}>
        {Array.from({ length: typed }, (_, at) => at).map((at) => (
          <i key={at} />
        ))}
      </p>
      <p className="field-problem" aria-live="polite">
        {empty ? t('passcode.empty') : wait.problem}
      </p>
      <Pad
        digitsOnly={false}
        onCharacter={(character) => change((current) => current.append(character))}
        onErase={() => change((current) => current.removeLast())}
        done={
          <Button look="primary" large disabled={wait.waits} onClick={enter}>
            {t('passcode.submit')} {wait.when}
          </Button>
        }
      />
      <div className="way-actions">
        <Button look="plain" onClick={onBack}>
          {t('passcode.back')}
        </Button>
      </div>
    </div>
  );
}

import type { ProfileEntry } from '@usher/sdk';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { CheckField } from '../../ui/CheckField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { PASSCODE_BYTES_MAX, takeFrom } from '../secret-text.ts';
import type { TypedPasscode } from '../use-viewer.ts';
import type { Refusal } from '../viewer-state.ts';
import { usePasscodeWait } from './use-passcode-wait.ts';
import './Profiles.css';

interface PasscodePageProps {
  readonly profile: ProfileEntry;
  readonly refusal: Refusal | undefined;
  readonly onEnter: (typed: TypedPasscode) => void;
  readonly onBack: () => void;
}

/**
 * Takes the passcode of a profile. It lives in the field alone until it is sent: as bytes from then on, never as a state of the page.
 * `autoComplete` is off, and password managers are asked to stay away: what a browser stores by itself is bound to no host's
 * certificate, isn't forgotten when it is wrong, and opens the profile to the next person at a shared device. For that there is the
 * choice below, which is and does all three.
 */
export function PasscodePage({ profile, refusal, onEnter, onBack }: PasscodePageProps) {
  const { t } = useTranslation('viewer');
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<'empty' | 'tooLong'>();
  const [shown, setShown] = useState(false);
  const [letters, setLetters] = useState(false);
  const [remember, setRemember] = useState(false);
  const wait = usePasscodeWait(refusal);
  useEffect(() => field.current?.focus(), []);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (field.current === null || wait.waits) return;
    if (field.current.value === '') return setProblem('empty');
    const passcode = takeFrom(field.current);
    if (passcode === undefined) return setProblem('tooLong');
    onEnter({ passcode, remember });
  };
  /** A touch keyboard changes only when the field gets the focus anew. */
  const changeKeyboard = () => {
    setLetters(!letters);
    field.current?.blur();
    setTimeout(() => field.current?.focus());
  };
  return (
    <form className="way-form" onSubmit={submit} autoComplete="off">
      <p className="passcode-whose">
        <Avatar name={profile.displayName} accent={profile.accent} avatar={profile.avatar} />
        <strong>{profile.displayName}</strong>
      </p>
      <div className="passcode-field">
        <TextField
          ref={field}
          type={shown ? 'text' : 'password'}
          label={t('passcode.label')}
          problem={problem === undefined ? wait.problem : t(`passcode.${problem}`)}
          maxLength={PASSCODE_BYTES_MAX}
          inputMode={letters ? 'text' : 'numeric'}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="none"
          spellCheck={false}
          data-1p-ignore=""
          data-bwignore=""
          data-lpignore="true"
          onChange={() => problem !== undefined && setProblem(undefined)}
        />
        <div className="passcode-tools">
          <Button look="plain" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {t(shown ? 'passcode.hide' : 'passcode.show')}
          </Button>
          <span className="passcode-keyboard">
            <Button look="plain" onClick={changeKeyboard}>
              {t(letters ? 'passcode.digits' : 'passcode.letters')}
            </Button>
          </span>
        </div>
      </div>
      <CheckField label={t('passcode.remember')} hint={t('passcode.rememberHint')} checked={remember} onChange={setRemember} />
      <div className="way-actions">
        <Button look="primary" large type="submit" disabled={wait.waits}>
          {t('passcode.submit')} {wait.when}
        </Button>
        <Button look="plain" onClick={onBack}>
          {t('passcode.back')}
        </Button>
      </div>
    </form>
  );
}

import type { ProfileAdmin } from '@usher/sdk/api';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { ConfirmDialog } from '../ConfirmDialog.tsx';
import { api } from '../queries.ts';
import { useChange } from '../use-change.ts';

/** Characters of a passcode; the host decides by itself (requirement P2.1). */
const LENGTH_MIN = 4;
const LENGTH_MAX = 64;

/** Sets, changes and clears the passcode. It lives in its fields until it is sent, nowhere else, and is never shown. */
export function PasscodeCard({ profile }: { readonly profile: ProfileAdmin }) {
  const { t } = useTranslation('profiles');
  const [isOpen, setOpen] = useState(false);
  const [isClearing, setClearing] = useState(false);
  const [isDone, setDone] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen) opener.current?.focus(); // where it was before the form took it
    wasOpen.current = isOpen;
  }, [isOpen]);
  const { has_passcode: isSet, allow_shared_view: isShared } = profile;
  return (
    <section className="card side-card" aria-labelledby="passcode-title">
      <h2 id="passcode-title">{t('passcode.title')}</h2>
      <p>{t(isSet ? 'passcode.set' : 'passcode.none')}</p>
      <p className="soft">{t(isSet ? 'passcode.setText' : isShared ? 'passcode.noneShared' : 'passcode.noneText')}</p>
      {isOpen && (
        <PasscodeForm
          profile={profile}
          onSet={() => {
            setOpen(false);
            setDone(true);
          }}
          onCancel={() => setOpen(false)}
        />
      )}
      <p role="status" className="done">
        {isDone && isSet && t('passcode.done')}
      </p>
      {!isOpen && (
        <div className="card-actions">
          <Button
            ref={opener}
            onClick={() => {
              setDone(false);
              setOpen(true);
            }}
          >
            {t(isSet ? 'passcode.change' : 'passcode.doSet')}
          </Button>
          {isSet && (
            <Button look="plain" onClick={() => setClearing(true)}>
              {t('passcode.clear')}
            </Button>
          )}
        </div>
      )}
      {isClearing && <ClearDialog profile={profile} onClose={() => setClearing(false)} />}
    </section>
  );
}

interface PasscodeFormProps {
  readonly profile: ProfileAdmin;
  readonly onSet: () => void;
  readonly onCancel: () => void;
}

/** The fields keep their text to themselves: React never has it, and they are emptied before the host has answered. */
function PasscodeForm({ profile, onSet, onCancel }: PasscodeFormProps) {
  const { t } = useTranslation(['profiles', 'common']);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<'length' | 'differ'>();
  const send = useChange(async (take: () => string) => {
    await api.setPasscode(profile.id, take());
  }, onSet);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const length = [...(first.current?.value ?? '')].length;
    const found =
      length < LENGTH_MIN || length > LENGTH_MAX ? 'length' : first.current?.value !== second.current?.value ? 'differ' : undefined;
    setProblem(found);
    if (found === undefined) send.mutate(take);
    else if (found === 'length') first.current?.focus();
    else second.current?.focus();
  };
  /** The passcode, once: afterwards both fields are empty. */
  const take = () => {
    const passcode = first.current?.value ?? '';
    for (const field of [first, second]) if (field.current !== null) field.current.value = '';
    return passcode;
  };
  const wrapsWindows = profile.os_account.kind === 'windows' && profile.os_account.credential.source === 'dpapi_blob';
  return (
    <form className="side-form" onSubmit={submit}>
      <TextField
        ref={first}
        label={t('passcode.fresh')}
        hint={t(wrapsWindows ? 'passcode.hintWindows' : 'passcode.hint')}
        problem={problem === 'length' ? t('passcode.length') : undefined}
        type="password"
        autoComplete="new-password"
        autoFocus
      />
      <TextField
        ref={second}
        label={t('passcode.again')}
        problem={problem === 'differ' ? t('passcode.differ') : undefined}
        type="password"
        autoComplete="new-password"
      />
      {send.error !== null && <FailureNote failure={toFailure(send.error)} />}
      <div className="card-actions">
        <Button look="primary" type="submit" disabled={send.isPending}>
          {t(send.isPending ? 'passcode.working' : 'passcode.confirm')}
        </Button>
        <Button look="plain" disabled={send.isPending} onClick={onCancel}>
          {t('common:cancel')}
        </Button>
      </div>
    </form>
  );
}

function ClearDialog({ profile, onClose }: { readonly profile: ProfileAdmin; readonly onClose: () => void }) {
  const { t } = useTranslation('profiles');
  const clear = useChange(() => api.setPasscode(profile.id, null), onClose);
  return (
    <ConfirmDialog
      title={t('passcode.clearTitle')}
      text={t('passcode.clearText')}
      confirm={t(clear.isPending ? 'passcode.clearWorking' : 'passcode.clearConfirm')}
      busy={clear.isPending}
      error={clear.error}
      onConfirm={() => clear.mutate()}
      onClose={onClose}
    />
  );
}

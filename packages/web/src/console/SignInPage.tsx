import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../i18n/failures/failure.ts';
import { Button } from '../ui/Button.tsx';
import { Command } from '../ui/Command.tsx';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Logo } from '../ui/Logo.tsx';
import { Preferences } from '../ui/Preferences.tsx';
import { TextField } from '../ui/TextField.tsx';
import { api } from './queries.ts';
import './SignInPage.css';

const TOKEN = /^[0-9a-f]{64}$/i;

/** Takes the host's token once; the browser then keeps a cookie that no script can read. */
export function SignInPage({ unreachable }: { readonly unreachable: Error | null }) {
  const { t } = useTranslation('console');
  const queries = useQueryClient();
  const [token, setToken] = useState('');
  const [misshapen, setMisshapen] = useState(false);
  const signIn = useMutation({ mutationFn: (candidate: string) => api.signIn(candidate), onSuccess: () => queries.invalidateQueries() });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const candidate = token.trim();
    setMisshapen(!TOKEN.test(candidate));
    if (TOKEN.test(candidate)) signIn.mutate(candidate);
  };
  const refusal = signIn.error === null ? undefined : toFailure(signIn.error);
  const problem = misshapen
    ? t('signIn.shape')
    : refusal?.code === 'api.unauthorized'
      ? t('signIn.wrong')
      : refusal?.code === 'api.rate-limited'
        ? t('signIn.wait', { seconds: refusal.retrySeconds ?? 60 })
        : undefined;
  const elsewhere = refusal !== undefined && problem === undefined ? refusal : unreachable === null ? undefined : toFailure(unreachable);
  return (
    <main className="console-alone">
      <form className="sign-in" onSubmit={submit}>
        <Logo size={56} />
        <div>
          <h1>{t('signIn.title')}</h1>
          <p className="soft">{t('signIn.lead')}</p>
        </div>
        {elsewhere !== undefined && <FailureNote failure={elsewhere} />}
        <TextField
          label={t('signIn.token')}
          problem={problem}
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          autoFocus
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <Button look="primary" type="submit" disabled={signIn.isPending}>
          {t(signIn.isPending ? 'signIn.working' : 'signIn.submit')}
        </Button>
        <div className="sign-in-where">
          <p className="soft">{t('signIn.where')}</p>
          <Command text="cat ~/.config/usher/token" />
        </div>
      </form>
      <Preferences />
    </main>
  );
}

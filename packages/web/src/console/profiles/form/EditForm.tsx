import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { isCoded } from '@usher/sdk';
import type { ProfileAdmin } from '@usher/sdk/api';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../ConfirmDialog.tsx';
import { api, profilesQuery } from '../../queries.ts';
import { useChange } from '../../use-change.ts';
import { draftOf, inputOf, type ProfileDraft, saysTheSame } from '../draft.ts';
import { FormProblem } from './FormProblem.tsx';
import { ProfileFields } from './ProfileFields.tsx';
import { useProblems } from './use-problems.ts';

/** What stands in the form, and what the profile said when it was begun: only that is replaced without a question. */
interface Typed {
  readonly draft: ProfileDraft;
  readonly over: ProfileAdmin;
}

/**
 * A profile that is there already. What others change meanwhile shows in it, until something is typed; afterwards saving says that there is
 * something of theirs, and replaces it only when told so.
 */
export function EditForm({ profile }: { readonly profile: ProfileAdmin }) {
  const { t } = useTranslation('profiles');
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Typed>();
  /** Said until something else is typed. */
  const [isSaved, setSaved] = useState(false);
  const stored = draftOf(profile);
  const draft = typed?.draft ?? stored;
  const isChanged = !saysTheSame(draft, stored);
  const save = useChange(
    async ({ draft: wanted, over }: Typed) => {
      const now = await api.profile(profile.id);
      // Devices, passcode and default change beside the form: they are no reason to refuse it.
      const { revision } = saysTheSame(draftOf(over), draftOf(now)) ? now : over;
      return api.updateProfile(profile.id, inputOf(wanted, now.assigned_fingerprints), revision);
    },
    (saved) => {
      queries.setQueryData(profilesQuery.queryKey, (profiles) => profiles?.map((one) => (one.id === saved.id ? saved : one)));
      setTyped(undefined);
      setSaved(true);
    },
  );
  const isOvertaken = isCoded(save.error, 'profile.changed');
  const { form, problems, refusal, check } = useProblems(draft, save.error);
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (check()) save.mutate({ draft, over: isOvertaken ? profile : (typed?.over ?? profile) });
  };
  const write = (change: Partial<ProfileDraft>) => {
    setTyped({ draft: { ...draft, ...change }, over: typed?.over ?? profile });
    setSaved(false);
  };
  const discard = () => {
    setTyped(undefined);
    save.reset();
  };
  return (
    <form ref={form} className="profile-form" noValidate onSubmit={submit}>
      <ProfileFields draft={draft} problems={problems} self={profile} onChange={write} />
      <div className={`form-foot${isChanged ? ' form-foot-kept' : ''}`}>
        <FormProblem problems={problems} refusal={refusal} />
        <p role="status">{isChanged ? t('form.unsaved') : isSaved ? t('form.saved') : ''}</p>
        {isChanged && (
          <Button look="plain" disabled={save.isPending} onClick={discard}>
            {t('form.discard')}
          </Button>
        )}
        <Button look="primary" type="submit" disabled={!isChanged || save.isPending}>
          {t(save.isPending ? 'form.saving' : isOvertaken ? 'form.replace' : 'form.save')}
        </Button>
      </div>
      {leaving.status === 'blocked' && (
        <ConfirmDialog
          title={t('leave.title')}
          text={t('leave.text')}
          confirm={t('leave.confirm')}
          busy={false}
          error={null}
          onConfirm={leaving.proceed}
          onClose={leaving.reset}
        />
      )}
    </form>
  );
}

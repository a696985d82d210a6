import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/Button.tsx';
import { api } from '../../queries.ts';
import { useChange } from '../../use-change.ts';
import { EMPTY_DRAFT, inputOf, type ProfileDraft } from '../draft.ts';
import { FormProblem } from './FormProblem.tsx';
import { ProfileFields } from './ProfileFields.tsx';
import { useProblems } from './use-problems.ts';

/** A profile that isn't there yet. */
export function NewForm({ onMade }: { readonly onMade: (id: string) => void }) {
  const { t } = useTranslation('profiles');
  const [draft, setDraft] = useState<ProfileDraft>(EMPTY_DRAFT);
  const make = useChange(
    () => api.createProfile(inputOf(draft, [])),
    ({ id }) => onMade(id),
  );
  const { form, problems, refusal, check } = useProblems(draft, make.error);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (check()) make.mutate();
  };
  return (
    <form ref={form} className="profile-form profile-form-new" noValidate onSubmit={submit}>
      <ProfileFields draft={draft} problems={problems} onChange={(change) => setDraft((before) => ({ ...before, ...change }))} />
      <div className="form-foot form-foot-kept">
        <FormProblem problems={problems} refusal={refusal} />
        <Button look="primary" type="submit" disabled={make.isPending}>
          {t(make.isPending ? 'form.saving' : 'form.create')}
        </Button>
      </div>
    </form>
  );
}

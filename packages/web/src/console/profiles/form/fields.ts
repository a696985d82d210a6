import { useTranslation } from 'react-i18next';
import type { ProfileDraft } from '../draft.ts';
import type { FieldProblem, FieldProblems } from '../field-problems.ts';

/** What each part of the form is given. */
export interface FieldsProps {
  readonly draft: ProfileDraft;
  readonly problems: FieldProblems;
  readonly onChange: (change: Partial<ProfileDraft>) => void;
}

/** What stands at a field: our own words in the person's language, or the host's. */
export function useProblemWords(): (problem: FieldProblem | undefined) => string | undefined {
  const { t, i18n } = useTranslation('profiles');
  return (problem) => {
    if (problem === undefined) return undefined;
    switch (problem.kind) {
      case 'range':
        return t('form.problem.range', { from: problem.from.toLocaleString(i18n.language), to: problem.to.toLocaleString(i18n.language) });
      case 'host':
        return t('form.problem.host', { words: problem.words });
      case 'empty':
      case 'account':
      case 'taken':
      case 'shared-compositor':
      case 'title':
        return t(`form.problem.${problem.kind}`);
    }
  };
}

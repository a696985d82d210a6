import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../i18n/failures/failure.ts';
import { FailureNote } from '../../../ui/FailureNote.tsx';
import type { FieldProblems } from '../field-problems.ts';

interface FormProblemProps {
  readonly problems: FieldProblems;
  readonly refusal: Failure | undefined;
}

/** Beside the button that was pressed: that the form wasn't taken, and why where no field can say it. */
export function FormProblem({ problems, refusal }: FormProblemProps) {
  const { t } = useTranslation('profiles');
  if (refusal !== undefined) return <FailureNote failure={refusal} />;
  if (Object.keys(problems).length === 0) return null;
  return (
    <p className="form-problem" role="alert">
      {t('form.check')}
    </p>
  );
}

import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Failure, toFailure } from '../../../i18n/failures/failure.ts';
import type { ProfileDraft } from '../draft.ts';
import { type FieldProblems, problemsIn, problemsOfRefusal } from '../field-problems.ts';

interface Problems {
  readonly form: RefObject<HTMLFormElement | null>;
  /** What stands at the fields: what the form saw when it was sent last, and what the host said to it. */
  readonly problems: FieldProblems;
  /** What the host said that is about no field. */
  readonly refusal: Failure | undefined;
  /** Called when the form is sent: whether it may go to the host. */
  readonly check: () => boolean;
}

/** Problems are shown once the form was sent, and go as they are mended. The first one gets the focus. */
export function useProblems(draft: ProfileDraft, error: Error | null): Problems {
  const form = useRef<HTMLFormElement>(null);
  const [checks, setChecks] = useState(0);
  const [refused, setRefused] = useState<ProfileDraft>();
  const seen = problemsIn(draft);
  const said = error === null ? undefined : problemsOfRefusal(error);
  // What the host said is about what was sent; once that is changed, it may be right.
  const problems = { ...(draft === refused ? said : undefined), ...(checks > 0 ? seen : undefined) };
  useEffect(() => {
    if (checks > 0 || error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [checks, error]);
  return {
    form,
    problems,
    refusal: error !== null && said === undefined ? toFailure(error) : undefined,
    check: () => {
      setChecks((before) => before + 1);
      setRefused(draft);
      return Object.keys(seen).length === 0;
    },
  };
}

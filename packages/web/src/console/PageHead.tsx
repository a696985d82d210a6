import { isCoded } from '@usher/sdk';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../i18n/failures/failure.ts';
import { FailureNote } from '../ui/FailureNote.tsx';

interface PageHeadProps {
  readonly question: string;
  /** In one line; undefined while it isn't known yet. */
  readonly answer: ReactNode;
  /** Why the answer couldn't be had. A host that doesn't answer at all is said once, above every page. */
  readonly error?: Error | null;
}

/** Every page of the console asks one question and answers it, before it offers anything to do. */
export function PageHead({ question, answer, error = null }: PageHeadProps) {
  const { t } = useTranslation('common');
  useEffect(() => {
    document.title = `${question} · ${t('product')}`;
  }, [question, t]);
  return (
    <header className="page-head">
      <h1>{question}</h1>
      <p className="page-answer" aria-live="polite">
        {answer}
      </p>
      {error !== null && !isCoded(error, 'host.unreachable') && <FailureNote failure={toFailure(error)} />}
    </header>
  );
}

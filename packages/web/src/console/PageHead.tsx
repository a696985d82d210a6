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
  /** Of the person that the page is about. */
  readonly picture?: ReactNode;
  /** The one thing to do about the whole page. */
  readonly action?: ReactNode;
}

/** Every page of the console asks one question and answers it, before it offers anything to do. */
export function PageHead({ question, answer, error = null, picture, action }: PageHeadProps) {
  const { t } = useTranslation('common');
  useEffect(() => {
    document.title = `${question} · ${t('product')}`;
  }, [question, t]);
  return (
    <header className="page-head">
      <div className="page-head-line">
        {picture}
        <div>
          <h1>{question}</h1>
          <p className="page-answer" aria-live="polite">
            {answer}
          </p>
        </div>
        {action}
      </div>
      {error !== null && !isCoded(error, 'host.unreachable') && <FailureNote failure={toFailure(error)} />}
    </header>
  );
}

import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

interface PageHeadProps {
  readonly question: string;
  /** In one line; undefined while it isn't known yet. */
  readonly answer: ReactNode;
}

/** Every page of the console asks one question and answers it, before it offers anything to do. */
export function PageHead({ question, answer }: PageHeadProps) {
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
    </header>
  );
}

import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead } from './PageHead.tsx';

export function NotFoundPage() {
  const { t } = useTranslation('console');
  return (
    <>
      <PageHead question={t('notFound.title')} answer={t('notFound.text')} />
      <p>
        <Link to="/">{t('notFound.back')}</Link>
      </p>
    </>
  );
}

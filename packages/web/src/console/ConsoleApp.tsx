import { useTranslation } from 'react-i18next';
import { Logo } from '../ui/Logo.tsx';

export function ConsoleApp() {
  const { t } = useTranslation('console');
  return (
    <main>
      <Logo />
      <h1>{t('title')}</h1>
    </main>
  );
}

import { useTranslation } from 'react-i18next';
import { Logo } from '../ui/Logo.tsx';

export function ViewerApp() {
  const { t } = useTranslation('viewer');
  return (
    <main>
      <Logo />
      <h1>{t('welcome')}</h1>
    </main>
  );
}

import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../PageHead.tsx';
import { NewForm } from './form/NewForm.tsx';
import { BackLink } from './ProfilePage.tsx';
import './profiles.css';
import './profile.css';

export function NewProfilePage() {
  const { t } = useTranslation('profiles');
  const navigate = useNavigate();
  return (
    <>
      <BackLink />
      <PageHead question={t('fresh.title')} answer={t('fresh.answer')} />
      <p className="soft">{t('fresh.next')}</p>
      <NewForm onMade={(id) => void navigate({ to: '/profiles/$id', params: { id } })} />
    </>
  );
}

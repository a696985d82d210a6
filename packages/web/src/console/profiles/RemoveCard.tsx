import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';

export function RemoveCard({ onRemove }: { readonly onRemove: () => void }) {
  const { t } = useTranslation('profiles');
  return (
    <section className="card side-card" aria-labelledby="remove-title">
      <h2 id="remove-title">{t('remove.section')}</h2>
      <p className="soft">{t('remove.text')}</p>
      <div className="card-actions">
        <Button icon={<Icon name="trash" />} onClick={onRemove}>
          {t('remove.open')}
        </Button>
      </div>
    </section>
  );
}

import type { ProfileAdmin } from '@usher/sdk/api';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { CheckField } from '../../ui/CheckField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { useChange } from '../use-change.ts';

type Running = 'end' | 'refuse';

interface RemoveProfileDialogProps {
  readonly profile: ProfileAdmin;
  /** Sessions of the profile. */
  readonly running: number;
  readonly onClose: () => void;
  readonly onRemove: (running: Running) => Promise<void>;
  readonly onRemoved: () => void;
}

/** Nobody is thrown out by surprise: sessions end only where the operator has said so, also one that has just begun. */
export function RemoveProfileDialog({ profile, running, onClose, onRemove, onRemoved }: RemoveProfileDialogProps) {
  const { t } = useTranslation(['profiles', 'common']);
  const [endsThem, setEndsThem] = useState(false);
  const remove = useChange(onRemove, onRemoved);
  return (
    <Dialog
      title={t('remove.title', { name: profile.display_name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            look="danger"
            disabled={remove.isPending || (running > 0 && !endsThem)}
            onClick={() => remove.mutate(endsThem ? 'end' : 'refuse')}
          >
            {t(remove.isPending ? 'remove.working' : 'remove.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('remove.plain')}</p>
      {running > 0 && (
        <CheckField label={t('remove.end', { count: running })} hint={t('remove.running')} checked={endsThem} onChange={setEndsThem} />
      )}
      {remove.error !== null && <FailureNote failure={toFailure(remove.error)} />}
    </Dialog>
  );
}

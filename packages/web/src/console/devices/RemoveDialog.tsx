import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PairedClient } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../ConfirmDialog.tsx';
import { api, devicesQuery } from '../queries.ts';

interface RemoveDialogProps {
  readonly device: PairedClient;
  readonly onClose: () => void;
}

export function RemoveDialog({ device, onClose }: RemoveDialogProps) {
  const { t } = useTranslation('console');
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeDevice(device.fingerprint),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries(devicesQuery),
  });
  return (
    <ConfirmDialog
      title={t('remove.title', { name: device.name })}
      text={t('remove.text')}
      confirm={t(remove.isPending ? 'remove.working' : 'remove.confirm')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Session } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../ConfirmDialog.tsx';
import { api, sessionsQuery } from '../queries.ts';

interface EndDialogProps {
  readonly session: Session;
  readonly onClose: () => void;
}

export function EndDialog({ session, onClose }: EndDialogProps) {
  const { t } = useTranslation('console');
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.endSession(session.session_id),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries(sessionsQuery),
  });
  return (
    <ConfirmDialog
      title={t('end.title')}
      text={t('end.text', { name: session.device_name })}
      confirm={t(end.isPending ? 'end.working' : 'end.confirm')}
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    />
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PendingDevice } from '@usher/sdk/api';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { minutesAndSeconds } from '../../ui/duration.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { ShortFingerprint } from '../../ui/Fingerprint.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';
import { api, devicesQuery, pendingQuery } from '../queries.ts';

/** Most characters of a name that the host stores. */
const NAME_MAX = 64;

/** A device that knocked: who says to be there, and the operator's word. */
export function PendingCard({ device }: { readonly device: PendingDevice }) {
  const { t } = useTranslation('console');
  const queries = useQueryClient();
  const now = useUnixSeconds();
  const [name, setName] = useState(device.name);
  const decide = useMutation({
    mutationFn: (decision: 'approve' | 'deny') =>
      decision === 'approve' ? api.approve(device.id, name.trim() === '' ? {} : { name: name.trim() }) : api.deny(device.id),
    onSettled: () => Promise.all([queries.invalidateQueries(pendingQuery), queries.invalidateQueries(devicesQuery)]),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    decide.mutate('approve');
  };
  return (
    <li className="card">
      <form className="knock" onSubmit={submit}>
        <p className="knock-fingerprint">
          <ShortFingerprint value={device.fingerprint} />
        </p>
        <p className="soft">
          {t('pending.from', { address: device.address })} ·{' '}
          <span className="time-left">{t('pending.left', { time: minutesAndSeconds(device.expires_unix - now) })}</span>
        </p>
        <TextField
          label={t('pending.name')}
          value={name}
          maxLength={NAME_MAX}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        {decide.error !== null && <FailureNote failure={toFailure(decide.error)} />}
        <div className="card-actions">
          <Button look="primary" type="submit" disabled={decide.isPending}>
            {t(decide.isPending ? 'pending.working' : 'pending.approve')}
          </Button>
          <Button disabled={decide.isPending} onClick={() => decide.mutate('deny')}>
            {t('pending.deny')}
          </Button>
        </div>
      </form>
    </li>
  );
}

import type { PendingDevice, ProfileAdmin } from '@usher/sdk/api';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { minutesAndSeconds } from '../../ui/duration.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { ShortFingerprint } from '../../ui/Fingerprint.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';
import { OPERATOR, useProfileNames } from '../profiles/house.ts';
import { api } from '../queries.ts';
import { useChange } from '../use-change.ts';

/** Most characters of a name that the host stores. */
const NAME_MAX = 64;

interface PendingCardProps {
  readonly device: PendingDevice;
  readonly profiles: readonly ProfileAdmin[];
}

/** A device that knocked: who says to be there, whose it is, and the operator's word. */
export function PendingCard({ device, profiles }: PendingCardProps) {
  const { t } = useTranslation('console');
  const nameOf = useProfileNames();
  const now = useUnixSeconds();
  const [name, setName] = useState(device.name);
  const [picked, setPicked] = useState('');
  // One that was removed meanwhile isn't assigned to; the list says so by showing the default again.
  const profile = profiles.find(({ id }) => id === picked)?.id;
  const decide = useChange((decision: 'approve' | 'deny') => {
    if (decision === 'deny') return api.deny(device.id);
    const given = name.trim();
    return api.approve(device.id, { ...(given === '' ? {} : { name: given }), ...(profile === undefined ? {} : { profile_id: profile }) });
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
        {profiles.length > 0 && (
          <SelectField label={t('pending.profile')} value={profile ?? ''} onChange={setPicked}>
            <option value="">{t('pending.noProfile', { profile: nameOf(profiles.find((one) => one.is_default)?.id ?? OPERATOR) })}</option>
            {profiles.map(({ id, display_name }) => (
              <option key={id} value={id}>
                {display_name}
              </option>
            ))}
          </SelectField>
        )}
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

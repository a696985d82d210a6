import { Link } from '@tanstack/react-router';
import type { PairedClient, ProfileAdmin } from '@usher/sdk/api';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { ShortFingerprint } from '../../ui/Fingerprint.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { api } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { homeOf } from './house.ts';

interface AssignedCardProps {
  readonly profile: ProfileAdmin;
  readonly profiles: readonly ProfileAdmin[];
  /** Undefined while they aren't known. */
  readonly devices: readonly PairedClient[] | undefined;
}

/** The devices that come here by themselves. One of another profile moves. */
export function AssignedCard({ profile, profiles, devices }: AssignedCardProps) {
  const { t } = useTranslation('profiles');
  const unassign = useChange((fingerprint: string) => api.unassignDevice(fingerprint));
  const others = devices?.filter(({ fingerprint }) => !profile.assigned_fingerprints.includes(fingerprint));
  return (
    <section className="card side-card" aria-labelledby="assigned-title">
      <h2 id="assigned-title">{t('assigned.title')}</h2>
      <p className="soft">{t('assigned.lead')}</p>
      {profile.assigned_fingerprints.length === 0 ? (
        <p>{t('assigned.none')}</p>
      ) : (
        <ul className="side-list">
          {profile.assigned_fingerprints.map((fingerprint) => {
            const device = devices?.find((candidate) => candidate.fingerprint === fingerprint);
            const name = device?.name ?? t('assigned.unpaired');
            return (
              <li key={fingerprint}>
                <span>
                  <b>{name}</b>
                  <ShortFingerprint value={fingerprint} />
                </span>
                <Button
                  look="plain"
                  disabled={unassign.isPending}
                  aria-label={t('assigned.removeName', { name: device?.name ?? fingerprint.slice(0, 8) })}
                  onClick={() => unassign.mutate(fingerprint)}
                >
                  {t('assigned.remove')}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {unassign.error !== null && <FailureNote failure={toFailure(unassign.error)} />}
      {others !== undefined && others.length > 0 && <AssignForm profile={profile} profiles={profiles} devices={others} />}
      {others?.length === 0 && (
        <p className="soft">
          {t(devices?.length === 0 ? 'assigned.nonePaired' : 'assigned.nobody')} <Link to="/devices">{t('assigned.pair')}</Link>
        </p>
      )}
    </section>
  );
}

interface AssignFormProps {
  readonly profile: ProfileAdmin;
  readonly profiles: readonly ProfileAdmin[];
  /** Those that belong elsewhere or nowhere. */
  readonly devices: readonly PairedClient[];
}

function AssignForm({ profile, profiles, devices }: AssignFormProps) {
  const { t } = useTranslation('profiles');
  const [picked, setPicked] = useState('');
  const assign = useChange(
    (fingerprint: string) => api.assignDevice(profile.id, fingerprint),
    () => setPicked(''),
  );
  const chosen = devices.some(({ fingerprint }) => fingerprint === picked) ? picked : '';
  const home = homeOf(profiles, chosen)?.display_name;
  return (
    <div className="side-form">
      <SelectField
        label={t('assigned.add')}
        hint={home === undefined ? undefined : t('assigned.moves', { profile: home })}
        value={chosen}
        onChange={setPicked}
      >
        <option value="">{t('assigned.choose')}</option>
        {devices.map(({ fingerprint, name }) => {
          const owner = homeOf(profiles, fingerprint)?.display_name;
          const values = { name, fingerprint: fingerprint.slice(0, 8) };
          return (
            <option key={fingerprint} value={fingerprint}>
              {owner === undefined ? t('assigned.free', values) : t('assigned.elsewhere', { ...values, profile: owner })}
            </option>
          );
        })}
      </SelectField>
      {assign.error !== null && <FailureNote failure={toFailure(assign.error)} />}
      <div className="card-actions">
        <Button disabled={chosen === '' || assign.isPending} onClick={() => assign.mutate(chosen)}>
          {t(home === undefined ? 'assigned.assign' : 'assigned.move')}
        </Button>
      </div>
    </div>
  );
}

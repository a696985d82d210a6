import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { minutesAndSeconds } from '../../ui/duration.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { useUnixSeconds } from '../../ui/timing.ts';
import { api, pairingQuery } from '../queries.ts';

/** The host tells a PIN once, to whoever made it; it lives in this page only. */
export function PinCard({ address }: { readonly address: string | undefined }) {
  const { t } = useTranslation('console');
  const queries = useQueryClient();
  const { data: pairing } = useQuery(pairingQuery);
  const now = useUnixSeconds();
  const asked = () => queries.invalidateQueries(pairingQuery);
  const arm = useMutation({ mutationFn: () => api.armPairing(), onSuccess: asked, gcTime: 0 });
  const disarm = useMutation({
    mutationFn: () => api.disarmPairing(),
    onSuccess: async () => {
      arm.reset();
      await asked();
    },
  });

  const left = (pairing?.expires_unix ?? 0) - now;
  const armed = pairing?.armed === true && left > 0;
  const ours = armed && arm.data?.expires_unix === pairing.expires_unix ? arm.data : undefined;
  const error = arm.error ?? disarm.error;
  return (
    <section className="card pin-card" aria-labelledby="pin-title">
      <h2 id="pin-title">{t('pin.title')}</h2>
      <p className="soft">{t('pin.lead')}</p>
      {address !== undefined && <Command text={address} />}
      {ours !== undefined && <Pin digits={ours.pin} time={minutesAndSeconds(left)} />}
      {armed && ours === undefined && <p>{t('pin.elsewhere', { time: minutesAndSeconds(left) })}</p>}
      {!armed && arm.data !== undefined && <p>{t('pin.spent')}</p>}
      {error !== null && <FailureNote failure={toFailure(error)} />}
      <div className="card-actions">
        <Button look={ours === undefined ? 'primary' : 'quiet'} disabled={arm.isPending} onClick={() => arm.mutate()}>
          {t(arm.isPending ? 'pin.arming' : armed || arm.data !== undefined ? 'pin.another' : 'pin.arm')}
        </Button>
        {armed && (
          <Button look="plain" disabled={disarm.isPending} onClick={() => disarm.mutate()}>
            {t('pin.disarm')}
          </Button>
        )}
      </div>
    </section>
  );
}

function Pin({ digits, time }: { readonly digits: string; readonly time: string }) {
  const { t } = useTranslation('console');
  return (
    <div>
      <output className="pin-large">
        {digits.slice(0, 3)} {digits.slice(3)}
      </output>
      <p className="soft time-left" role="timer">
        {t('pin.left', { time })}
      </p>
    </div>
  );
}

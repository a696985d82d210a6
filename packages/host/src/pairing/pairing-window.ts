import { randomInt } from 'node:crypto';
import { PairingGate, PIN_LIFETIME_MS } from '@usher/domain';
import { CodedError, type Fingerprint, type PairChallenge, type PairRequest, Spake2Side, shortFingerprint } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { AuditLog } from '../profile-services.ts';
import type { PairingWindow } from '../services.ts';
import { spake2Suite } from './spake2-suite.ts';

const PIN_DIGITS = 6;

/** The armed PIN, and the ceremonies that spend it (requirement P9.1). */
export interface PairingCeremonies extends PairingWindow {
  /**
   * Answers a PairRequest. With the return the PIN is disarmed: the challenge it returns is the one guess.
   *
   * @throws CodedError `pairing.not-armed`, `pairing.cooling-down` (with the seconds to wait), or `message.malformed` for a share
   * that is no point of the curve, which leaves the PIN armed.
   */
  begin(request: PairRequest, device: Fingerprint): PairingCeremony;
}

/** A challenge that went out, waiting for its proof. */
interface PairingCeremony {
  readonly challenge: PairChallenge;
  /** Whether the device knew the PIN. Compared in constant time. */
  accepts(proof: Uint8Array): boolean;
}

export interface PairingWindowOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** The host's side of what the ceremony binds. */
  readonly host: Fingerprint;
  readonly audit: Pick<AuditLog, 'append'>;
}

export function createPairingWindow({ clock, log, host, audit }: PairingWindowOptions): PairingCeremonies {
  const gate = new PairingGate();
  let expiresUnix = 0;
  return {
    arm() {
      const pin = randomInt(10 ** PIN_DIGITS)
        .toString()
        .padStart(PIN_DIGITS, '0');
      gate.arm(pin, clock.now());
      expiresUnix = clock.unix() + PIN_LIFETIME_MS / 1000;
      log.info('a pairing PIN was armed');
      void audit.append({ event: 'pairing.armed', principal: 'operator' });
      return { pin, expiresUnix };
    },
    disarm() {
      gate.disarm();
    },
    expiresUnix() {
      return gate.isArmed(clock.now()) ? expiresUnix : undefined;
    },
    begin(request, device) {
      const attempt = gate.attempt(clock.now(), (pin) => answer(request, pin, { device, host }));
      switch (attempt.outcome) {
        case 'begun':
          log.info({ device: shortFingerprint(device) }, 'a device spends the pairing PIN');
          void audit.append({ event: 'pairing.spent', principal: `device:${device}` });
          return attempt.result;
        case 'not-armed':
          throw new CodedError('pairing.not-armed', 'no PIN is armed; ask the operator of the host for one');
        case 'cooling-down':
          throw new CodedError('pairing.cooling-down', 'another device has just tried to pair; try again in a moment', {
            retrySeconds: Math.ceil(attempt.waitMs / 1000),
          });
        default:
          return attempt satisfies never;
      }
    },
  };
}

function answer(request: PairRequest, pin: string, identities: { device: Fingerprint; host: Fingerprint }): PairingCeremony {
  const side = new Spake2Side(spake2Suite, 'host', pin, identities);
  const keys = side.finish(request.share);
  return {
    challenge: { share: side.share, confirmation: keys.hostConfirmation },
    accepts: (proof) => side.matches(keys.deviceConfirmation, proof),
  };
}

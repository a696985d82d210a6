import { homeOf, type Occupancy, type Profile, type Resolution, type ResolvedVia, resolve } from '@usher/domain';
import { CodedError, type Fingerprint, isCoded, type ProfileId, profileId, RejectReason, type SessionId } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { ProfileRejected } from '../profile-rejected.ts';
import type { AuditLog } from '../profile-services.ts';
import type { ProfilesFile } from '../store/profiles-file.ts';
import type { GateFile } from './gate-file.ts';
import type { Isolation } from './isolation.ts';
import type { HashingPlace, PasscodeHasher } from './passcode-hasher.ts';
import { busy, lockedOut, notFound, occupied, passcodeRequired, wrongPasscode } from './reject.ts';

/** A paired device that wants in. */
export interface Entrant {
  readonly device: Fingerprint;
  readonly deviceName: string;
  /** The profile as the viewer wrote it; undefined leaves it to the host. */
  readonly requested: string | undefined;
  /** As it came in ProfileUnlock. Its owner wipes it. */
  readonly passcode: Uint8Array | undefined;
  /** The session has been taken over by another connection. */
  takenOver(reason: CodedError): void;
}

/** A seat in a profile, as long as nobody has left it. */
export interface Entered {
  readonly profile: Profile;
  /** Whether the device is the profile's own. */
  readonly assigned: boolean;
  /** From here the operator's pages can name the session that holds the seat. */
  opened(session: SessionId): void;
  /** Idempotent. */
  leave(): void;
}

/** Who sits in an account of its own. */
export interface SeatHolder {
  readonly device: Fingerprint;
  readonly deviceName: string;
  session: SessionId | undefined;
  end(reason: CodedError): void;
}

export interface EntranceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly file: Pick<ProfilesFile, 'roster'>;
  readonly gate: Pick<GateFile, 'counters' | 'begin'>;
  readonly hasher: PasscodeHasher;
  readonly isolation: Isolation;
  readonly occupancy: Occupancy<SeatHolder>;
}

/**
 * The way of a paired device into a profile, in this order (requirement P3.3): resolve, passcode, isolation, occupancy. What is refused
 * throws before anything of a session exists. Every outcome is in the audit.
 */
export class Entrance {
  readonly #options: EntranceOptions;

  constructor(options: EntranceOptions) {
    this.#options = options;
  }

  /** @throws ProfileRejected, or a CodedError `store.*` where the host can't know who may come in. */
  async enter(entrant: Entrant): Promise<Entered> {
    const resolution = resolve(this.#options.file.roster(), entrant.device, entrant.requested);
    let place: HashingPlace | undefined;
    try {
      if (entrant.passcode !== undefined) place = this.#claim();
      const entered = this.#seat(entrant, await this.#judge(entrant, resolution, place));
      await this.#record(entrant, resolution, 'granted');
      return entered;
    } catch (error) {
      await this.#record(entrant, resolution, outcomeOf(error));
      throw error;
    } finally {
      place?.release();
    }
  }

  /** Each passcode that was sent costs one evaluation, whatever the roster says to it (requirement P2.1). */
  async #judge(entrant: Entrant, resolution: Resolution, place: HashingPlace | undefined): Promise<Profile> {
    if (resolution.outcome === 'challenge') await this.#challenge(entrant, resolution.profile, place);
    else if (place !== undefined && entrant.passcode !== undefined) await place.verify(undefined, entrant.passcode);
    if (resolution.outcome === 'denied') throw notFound();
    return this.#stillTrue(entrant, resolution);
  }

  async #challenge({ device, passcode }: Entrant, profile: Profile, place: HashingPlace | undefined): Promise<void> {
    const { clock, file, gate } = this.#options;
    if (place === undefined || passcode === undefined || passcode.length === 0) throw passcodeRequired();
    const assigned = homeOf(file.roster(), device)?.id === profile.id;
    const { answer: verdict, saved } = gate.begin((counters) => counters.attempt(profile.id, device, assigned, clock.unix()));
    if (verdict.outcome === 'locked') {
      await saved;
      await this.#attempted(profile.id, device, `locked-${verdict.because}`);
      throw lockedOut(verdict.retrySeconds, verdict.because);
    }
    // Both, before anybody hears of it: a host that is killed in between has told nobody whether the passcode was right.
    const [isRight] = await Promise.all([place.verify(profile.passcode?.phc, passcode), saved]);
    if (isRight) {
      const forgiven = gate.begin((counters) => counters.succeeded(profile.id, device)).saved;
      await Promise.all([forgiven, this.#attempted(profile.id, device, 'right')]);
      return;
    }
    await this.#attempted(profile.id, device, 'wrong');
    await this.#tellOfCeiling(profile.id);
    throw wrongPasscode(verdict.retrySeconds);
  }

  /** While a passcode was checked the operator may have changed what the roster says: then the older word doesn't count. */
  #stillTrue({ device, requested }: Entrant, before: Exclude<Resolution, { readonly outcome: 'denied' }>): Profile {
    const now = resolve(this.#options.file.roster(), device, requested);
    if (now.outcome === 'denied' || now.profile.id !== before.profile.id) throw notFound();
    const isAnswered = before.outcome === 'challenge' && before.profile.passcode?.phc === now.profile.passcode?.phc;
    if (now.outcome === 'challenge' && !isAnswered) throw passcodeRequired();
    return now.profile;
  }

  #seat({ device, deviceName, takenOver }: Entrant, profile: Profile): Entered {
    const { isolation, occupancy, file } = this.#options;
    if (profile.os_account.kind !== 'operator') {
      const refusal = isolation.refusal(profile);
      if (refusal !== undefined) throw new ProfileRejected(refusal);
    }
    const holder: SeatHolder = { device, deviceName, session: undefined, end: takenOver };
    const assigned = homeOf(file.roster(), device)?.id === profile.id;
    const verdict = occupancy.enter({ profile, device, assigned, holder });
    if (verdict.outcome === 'occupied') throw occupied(profile.display_name, verdict.by.holder.deviceName);
    if (verdict.outcome === 'taken-over') {
      verdict.from.holder.end(new CodedError('session.taken-over', 'the session goes on in another place'));
    }
    return {
      profile,
      assigned,
      opened: (session) => {
        holder.session = session;
      },
      leave: () => occupancy.leave(holder),
    };
  }

  #claim(): HashingPlace {
    try {
      return this.#options.hasher.claim();
    } catch (error) {
      if (isCoded(error, 'api.rate-limited')) throw busy(error.retrySeconds ?? 1);
      throw error;
    }
  }

  #record({ device, requested }: Entrant, resolution: Resolution, outcome: string): Promise<void> {
    const found = resolution.outcome === 'denied' ? {} : { profile: resolution.profile.id };
    const via: ResolvedVia | 'none' = resolution.outcome === 'denied' ? 'none' : resolution.via;
    const fields = { outcome, via, ...writtenId(requested) };
    return this.#options.audit.append({ event: 'profile.resolved', principal: `device:${device}`, ...found, fields });
  }

  #attempted(profile: ProfileId, device: Fingerprint, result: string): Promise<void> {
    const failures = this.#options.gate.counters.failures(profile, device);
    return this.#options.audit.append({ event: 'passcode.attempt', principal: `device:${device}`, profile, fields: { result, failures } });
  }

  /** The operator is told (gap G10): the log and the audit have it. */
  async #tellOfCeiling(profile: ProfileId): Promise<void> {
    const { gate, clock, log, audit } = this.#options;
    if (!gate.counters.isAtCeiling(profile, clock.unix())) return;
    log.warn({ profile }, 'a hundred wrong passcodes in a day: only devices of the profile may try until it is over');
    await audit.append({ event: 'passcode.ceiling', principal: 'host', profile });
  }
}

/** What a viewer wrote is recorded only where it is an id: anything else may be what a person typed. */
function writtenId(requested: string | undefined): Readonly<Record<string, string>> {
  if (requested === undefined) return {};
  try {
    return { requested: profileId(requested) };
  } catch {
    return { requested: 'not-an-id' }; // says that something was asked for, not what
  }
}

function outcomeOf(error: unknown): string {
  if (error instanceof ProfileRejected) {
    const { reason } = error.reject;
    return Object.entries(RejectReason).find(([, byte]) => byte === reason)?.[0] ?? 'internal';
  }
  return isCoded(error) ? error.code : 'internal';
}

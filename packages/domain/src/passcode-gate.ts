import { type Fingerprint, fingerprint, type ProfileId, profileId, type Reader } from '@usher/protocol';

/** Failures after which a device has to wait long (requirement P2.2). */
const LOCKOUT_AFTER = 5;
const LOCKOUT_SECONDS = 900;
const BACK_OFF_SECONDS = 2;
const BACK_OFF_MAX_SECONDS = 60;
/** Failures of one profile in one day, over all devices (gap G10): many devices don't make many budgets. */
const DAILY_CEILING = 100;
const DAY_SECONDS = 86_400;
/** Most that the ceilings let grow in a day: every profile's failures, each by another device, and those of assigned devices beyond. */
const ENTRIES_MAX = 16_384;

/** What a device that has a passcode to offer is told before anybody looks at it. */
export type GateVerdict =
  /** `retrySeconds`: how long the device has to wait if the passcode is wrong. */
  | { readonly outcome: 'open'; readonly retrySeconds: number }
  | { readonly outcome: 'locked'; readonly retrySeconds: number; readonly because: 'device' | 'ceiling' };

interface Failures {
  readonly profile: ProfileId;
  readonly device: Fingerprint;
  readonly failures: number;
  /** Unix seconds from which on the next attempt may come. */
  readonly nextUnix: number;
}

interface Day {
  readonly startUnix: number;
  readonly failures: number;
}

/**
 * Who may try a passcode, and when (requirement P2.2). Counters are per profile and device, so nobody locks anybody else out; the daily
 * ceiling of a profile stops devices that are strangers to it, never those assigned to it. Times are Unix seconds, because the counters
 * outlive the process; a wall clock that was set back makes nobody wait longer than the longest lockout.
 */
export class PasscodeGate {
  readonly #entries = new Map<string, Failures>();
  readonly #days = new Map<ProfileId, Day>();

  /**
   * Asks for one attempt, and counts it as failed before it is made: many attempts at the same moment, or a host that is killed
   * meanwhile, gain nothing. {@link succeeded} takes it back.
   */
  attempt(profile: ProfileId, device: Fingerprint, assigned: boolean, nowUnix: number): GateVerdict {
    this.#forgetOld(nowUnix);
    const before = this.#entries.get(key(profile, device));
    const waitSeconds = Math.min((before?.nextUnix ?? 0) - nowUnix, LOCKOUT_SECONDS);
    if (waitSeconds > 0) return { outcome: 'locked', retrySeconds: waitSeconds, because: 'device' };

    const day = this.#days.get(profile) ?? { startUnix: nowUnix, failures: 0 };
    if (!assigned && (day.failures >= DAILY_CEILING || this.#entries.size >= ENTRIES_MAX)) {
      return { outcome: 'locked', retrySeconds: Math.max(1, day.startUnix + DAY_SECONDS - nowUnix), because: 'ceiling' };
    }
    const failures = (before?.failures ?? 0) + 1;
    const retrySeconds = waitAfter(failures);
    this.#entries.set(key(profile, device), { profile, device, failures, nextUnix: nowUnix + retrySeconds });
    this.#days.set(profile, { ...day, failures: day.failures + 1 });
    return { outcome: 'open', retrySeconds };
  }

  /** The passcode was right: the device starts afresh, and its attempt counts for nothing. */
  succeeded(profile: ProfileId, device: Fingerprint): void {
    this.#entries.delete(key(profile, device));
    const day = this.#days.get(profile);
    if (day !== undefined) this.#days.set(profile, { ...day, failures: Math.max(0, day.failures - 1) });
  }

  /** Failures in a row of this device, the attempt under way included. */
  failures(profile: ProfileId, device: Fingerprint): number {
    return this.#entries.get(key(profile, device))?.failures ?? 0;
  }

  /** Whether devices that aren't assigned are kept out for the rest of the day. */
  isAtCeiling(profile: ProfileId, nowUnix: number): boolean {
    const day = this.#days.get(profile);
    return day !== undefined && day.failures >= DAILY_CEILING && nowUnix < day.startUnix + DAY_SECONDS;
  }

  /** The profile is gone, or has another passcode. */
  forgetProfile(profile: ProfileId): void {
    for (const [name, entry] of this.#entries) if (entry.profile === profile) this.#entries.delete(name);
    this.#days.delete(profile);
  }

  forgetDevice(device: Fingerprint): void {
    for (const [name, entry] of this.#entries) if (entry.device === device) this.#entries.delete(name);
  }

  /** A new certificate is no new budget. */
  renewDevice(before: Fingerprint, after: Fingerprint): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.device !== before) continue;
      this.#entries.delete(key(entry.profile, before));
      this.#entries.set(key(entry.profile, after), { ...entry, device: after });
    }
  }

  /** The counters as a file keeps them. */
  document() {
    return {
      version: 1,
      devices: [...this.#entries.values()].map(({ profile, device, failures, nextUnix }) => {
        return { profile, fingerprint: device, failures, next_unix: nextUnix };
      }),
      days: [...this.#days].map(([profile, { startUnix, failures }]) => ({ profile, start_unix: startUnix, failures })),
    };
  }

  /** @throws CodedError `message.malformed`. */
  static read(document: Reader): PasscodeGate {
    const gate = new PasscodeGate();
    document.integer('version', 1, 1);
    for (const entry of document.list('devices', ENTRIES_MAX * 2, readFailures)) gate.#entries.set(key(entry.profile, entry.device), entry);
    for (const [profile, day] of document.list('days', ENTRIES_MAX, readDay)) gate.#days.set(profile, day);
    return gate;
  }

  #forgetOld(nowUnix: number): void {
    for (const [profile, day] of this.#days) if (nowUnix >= day.startUnix + DAY_SECONDS) this.#days.delete(profile);
    for (const [name, entry] of this.#entries) if (nowUnix >= entry.nextUnix + DAY_SECONDS) this.#entries.delete(name);
  }
}

/** Seconds to wait after so many failures in a row: 4, 8, 16, 32, then a quarter of an hour each. */
function waitAfter(failures: number): number {
  return failures >= LOCKOUT_AFTER ? LOCKOUT_SECONDS : Math.min(BACK_OFF_SECONDS * 2 ** failures, BACK_OFF_MAX_SECONDS);
}

function key(profile: ProfileId, device: Fingerprint): string {
  return `${profile} ${device}`;
}

function readFailures(item: Reader): Failures {
  return {
    profile: profileId(item.string('profile', 64)),
    device: fingerprint(item.string('fingerprint', 128)),
    failures: item.integer('failures', 1, Number.MAX_SAFE_INTEGER),
    nextUnix: item.integer('next_unix', 0, Number.MAX_SAFE_INTEGER),
  };
}

function readDay(item: Reader): readonly [ProfileId, Day] {
  const day = {
    startUnix: item.integer('start_unix', 0, Number.MAX_SAFE_INTEGER),
    failures: item.integer('failures', 0, Number.MAX_SAFE_INTEGER),
  };
  return [profileId(item.string('profile', 64)), day];
}

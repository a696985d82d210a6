import type { AuditEntry, AuditRecord, AuditVerdict, ProfileInput, ProfileRecord } from '@usher/domain';
import type { Fingerprint, ProfileEntry, ProfileId, SessionId, WireError } from '@usher/protocol';

/** What the profiles and the audit offer the API and the connections. Only `host.ts` builds the real ones. */

export interface Profiles {
  /** The stored profiles, in the order they were made. The built-in operator profile isn't stored and isn't listed. */
  list(): readonly ProfileRecord[];
  get(id: ProfileId): ProfileRecord | undefined;
  /** The default as stored; undefined where devices without a profile come to the operator's. */
  defaultId(): ProfileId | undefined;
  /** Why the file can't be used and changes are refused, for the operator; undefined where all is well. */
  problem(): WireError | undefined;

  /**
   * Each change resolves once it is on disk. It rejects with `message.malformed` (what is wrong, with the path), `profile.account-taken`
   * (another profile has that account), `store.write-failed` (nothing has changed), `store.unreadable` or `store.newer-version`.
   * An `input` comes from `readProfileInput`.
   */
  create(input: ProfileInput): Promise<ProfileRecord>;
  /**
   * Keeps id, passcode and creation time; another account drops the resolved uid or SID and the credential. Undefined: no such profile.
   * `agrees` is asked in the moment of the change, with the profile as it is then; where it doesn't, `profile.changed`.
   */
  update(id: ProfileId, input: ProfileInput, agrees?: (current: ProfileRecord) => boolean): Promise<ProfileRecord | undefined>;
  /** Running sessions are ended, or are the reason to refuse with `profile.has-sessions`: the operator's choice (requirement P1.8). */
  remove(id: ProfileId, running: 'end' | 'refuse'): Promise<boolean>;
  /**
   * UTF-8, 4 to 64 characters (`message.malformed` otherwise, never quoting it), wiped when the promise settles; undefined clears it.
   * Forgets the failed attempts. `api.rate-limited` where too many passcodes are being worked on.
   */
  setPasscode(id: ProfileId, passcode: Uint8Array | undefined): Promise<boolean>;
  /**
   * The Windows password of the profile's account (requirement P10.1), which only a host on Windows keeps: rejects with
   * `profile.needs-windows`, and the try is in the audit. False: no such profile. The password itself isn't handed on to here.
   */
  changeCredential(id: ProfileId, change: 'set' | 'clear'): Promise<boolean>;
  /** Moves the device here from any other profile. It need not be paired yet. */
  assign(id: ProfileId, device: Fingerprint): Promise<boolean>;
  unassign(device: Fingerprint): Promise<boolean>;
  /** Undefined is the operator's own profile. False: no such profile. */
  setDefault(id: ProfileId | undefined): Promise<boolean>;

  /** What this device may pick (requirement P3.4). The caller has made sure that the device is paired. */
  rosterFor(device: Fingerprint): readonly ProfileEntry[];
  /** Where this device lands if it names no profile; undefined is the operator's own, which sees the whole library. */
  placeFor(device: Fingerprint): ProfileRecord | undefined;
  /** Seats that are taken; the operator's is shared by many and not among them. */
  occupancy(): readonly TakenSeat[];
}

/** Who is in an account of which only one can be in at a time (requirement P6.6). */
export interface TakenSeat {
  readonly profile: ProfileId;
  readonly device: Fingerprint;
  /** Undefined while the session is being opened. */
  readonly session?: SessionId;
}

export interface AuditLog {
  /** Resolves once the entry is on disk. Never rejects: a disk that refuses is told by {@link problem}, and the gap by the next entry. */
  append(record: AuditRecord): Promise<void>;
  /** Newest first, at most 1,000. */
  read(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Reads the whole chain; at most the first 100 faults. */
  verify(): Promise<AuditVerdict>;
  problem(): WireError | undefined;
}

/** Which entries are wanted; what is left out isn't asked for. */
export interface AuditQuery {
  readonly limit: number;
  /** The seq that the page before ended with. */
  readonly before?: number;
  /** `profile.created`, or an area with all of its events: `profile`. */
  readonly event?: string;
  /** `operator`, `host`, one device (`device:` and its fingerprint), or any (`device`). */
  readonly principal?: string;
  readonly profile?: string;
  /** Unix seconds, both included. */
  readonly since?: number;
  readonly until?: number;
}

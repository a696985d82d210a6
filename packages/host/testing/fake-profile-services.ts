import type { AuditEntry, AuditRecord, AuditVerdict, GameEntry, Profile, ProfileInput, ProfileRecord } from '@usher/domain';
import { profileRecord } from '@usher/domain';
import { CodedError, type Fingerprint, type ProfileEntry, type ProfileId, profileId, type WireError } from '@usher/protocol';
import type { OsAccountCandidate, OsAccounts } from '../src/accounts/os-accounts.ts';
import type { Library } from '../src/library/library.ts';
import type { AuditLog, Profiles, TakenSeat } from '../src/profile-services.ts';

/** Hand-written services for tests of the API: they keep what they are given, and nothing is on disk. */

export const KIDS = profileId('0123456789ab');
/** Stands in the fake's profiles where a real one has its hash; no answer may hold it. */
export const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA';

export function profile(overrides: Partial<Profile> = {}): Profile {
  return {
    id: KIDS,
    display_name: 'Kids',
    os_account: { kind: 'linux', username: 'kid', uid: 1001 },
    assigned_fingerprints: [],
    require_passcode_even_when_assigned: false,
    allow_shared_view: false,
    allow_takeover: false,
    tvos_user_ids: [],
    library_scope: { mode: 'all' },
    custom_entries: [],
    session_defaults: {},
    created_unix: 1_800_000_000,
    updated_unix: 1_800_000_000,
    ...overrides,
  };
}

export class FakeProfiles implements Profiles {
  readonly #profiles = new Map<ProfileId, Profile>();
  /** The passcodes that were set, as text; undefined where one was cleared. */
  readonly passcodes: (string | undefined)[] = [];
  readonly removals: ('end' | 'refuse')[] = [];
  #defaultId: ProfileId | undefined;

  constructor(profiles: readonly Profile[] = []) {
    for (const each of profiles) this.#profiles.set(each.id, each);
  }

  list(): readonly ProfileRecord[] {
    return [...this.#profiles.values()].map((each) => profileRecord(each, this.#defaultId));
  }

  get(id: ProfileId): ProfileRecord | undefined {
    return this.list().find((record) => record.id === id);
  }

  defaultId(): ProfileId | undefined {
    return this.#defaultId;
  }

  problem(): WireError | undefined {
    return undefined;
  }

  async create(input: ProfileInput): Promise<ProfileRecord> {
    return this.#put(profile({ ...input, id: profileId('ffeeddccbbaa') }));
  }

  async update(
    id: ProfileId,
    input: ProfileInput,
    agrees: (current: ProfileRecord) => boolean = () => true,
  ): Promise<ProfileRecord | undefined> {
    const before = this.#profiles.get(id);
    if (before !== undefined && !agrees(profileRecord(before, this.#defaultId))) throw new CodedError('profile.changed', 'meanwhile');
    return before && this.#put({ ...before, ...input, updated_unix: 1_800_000_001 });
  }

  async remove(id: ProfileId, running: 'end' | 'refuse'): Promise<boolean> {
    this.removals.push(running);
    return this.#profiles.delete(id);
  }

  async setPasscode(id: ProfileId, passcode: Uint8Array | undefined): Promise<boolean> {
    this.passcodes.push(passcode && Buffer.from(passcode).toString('utf8'));
    return this.#profiles.has(id);
  }

  async changeCredential(id: ProfileId, change: 'set' | 'clear'): Promise<boolean> {
    if (!this.#profiles.has(id)) return false;
    throw new CodedError('profile.needs-windows', `${change} it elsewhere`);
  }

  async assign(id: ProfileId, device: Fingerprint): Promise<boolean> {
    const found = this.#profiles.get(id);
    if (found !== undefined) this.#put({ ...found, assigned_fingerprints: [device] });
    return found !== undefined;
  }

  async unassign(device: Fingerprint): Promise<boolean> {
    const found = this.placeFor(device);
    const stored = found && this.#profiles.get(found.id);
    if (stored !== undefined) this.#put({ ...stored, assigned_fingerprints: [] });
    return stored !== undefined;
  }

  async setDefault(id: ProfileId | undefined): Promise<boolean> {
    if (id !== undefined && !this.#profiles.has(id)) return false;
    this.#defaultId = id;
    return true;
  }

  rosterFor(device: Fingerprint): readonly ProfileEntry[] {
    return this.list()
      .filter((record) => record.assigned_fingerprints.includes(device))
      .map((record) => ({
        id: record.id,
        displayName: record.display_name,
        accent: record.accent ?? '',
        avatar: record.avatar ?? '',
        passcodeRequired: record.has_passcode,
        assigned: true,
      }));
  }

  placeFor(device: Fingerprint): ProfileRecord | undefined {
    return this.list().find((record) => record.assigned_fingerprints.includes(device));
  }

  occupancy(): readonly TakenSeat[] {
    return [];
  }

  #put(next: Profile): ProfileRecord {
    this.#profiles.set(next.id, next);
    return profileRecord(next, this.#defaultId);
  }
}

export function auditEntry(overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ seq: 1, unix: 1_800_000_000, event: 'profile.created', principal: 'operator', profile: KIDS, fields: { name: 'Kids' } },
    ...{ prev: '0'.repeat(64), hash: 'f'.repeat(64) },
    ...overrides,
  };
}

export class FakeAuditLog implements AuditLog {
  readonly records: AuditRecord[] = [];
  readonly reads: Parameters<AuditLog['read']>[0][] = [];
  readonly #entries: readonly AuditEntry[];
  readonly #verdict: AuditVerdict;

  constructor(entries: readonly AuditEntry[] = [], verdict: Partial<AuditVerdict> = {}) {
    this.#entries = entries;
    this.#verdict = { ok: true, entries: entries.length, firstSeq: 0, faults: [], ...verdict };
  }

  async append(record: AuditRecord): Promise<void> {
    this.records.push(record);
  }

  async read(options: Parameters<AuditLog['read']>[0]): Promise<readonly AuditEntry[]> {
    this.reads.push(options);
    return this.#entries;
  }

  async verify(): Promise<AuditVerdict> {
    return this.#verdict;
  }

  problem(): WireError | undefined {
    return undefined;
  }
}

export class FakeLibrary implements Library {
  readonly #titles: readonly GameEntry[];

  constructor(titles: readonly GameEntry[] = []) {
    this.#titles = titles;
  }

  async titles(): Promise<readonly GameEntry[]> {
    return this.#titles;
  }
}

export class FakeOsAccounts implements OsAccounts {
  readonly #people: readonly OsAccountCandidate[];

  constructor(people: readonly OsAccountCandidate[] = []) {
    this.#people = people;
  }

  async list(): Promise<readonly OsAccountCandidate[]> {
    return this.#people;
  }
}

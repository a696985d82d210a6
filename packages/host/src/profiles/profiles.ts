import { randomBytes } from 'node:crypto';
import {
  checkPasscode,
  EMPTY_ROSTER,
  Occupancy,
  type OsAccount,
  type Profile,
  type ProfileInput,
  type ProfileRecord,
  pickableProfiles,
  placeOf,
  profileRecord,
  type Roster,
  sameAccount,
  withDevice,
  withoutDevice,
  withoutProfile,
  withProfile,
} from '@usher/domain';
import { CodedError, type Fingerprint, OPERATOR, type ProfileEntry, type ProfileId, profileId, type WireError } from '@usher/protocol';
import type { Accounts } from '../broker/accounts.ts';
import { personOf } from '../broker/person.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { AuditLog, Profiles, TakenSeat } from '../profile-services.ts';
import type { PairedDevices } from '../services.ts';
import type { SessionPlaces } from '../sessions/sessions.ts';
import type { ProfilesFile } from '../store/profiles-file.ts';
import { type Entered, Entrance, type Entrant, type SeatHolder } from './entrance.ts';
import type { GateFile } from './gate-file.ts';
import type { Isolation } from './isolation.ts';
import type { PasscodeHasher } from './passcode-hasher.ts';

/** The profiles as the API sees them, and their door as a connection sees it. */
export interface ProfileDoor extends Profiles {
  /** Rejects with `ProfileRejected`, or with a code `store.*` where the host can't know who may come in. */
  enter(entrant: Entrant): Promise<Entered>;
  /** Whether the profile is still there, for a session that is about to begin. */
  exists(id: ProfileId): boolean;
  /**
   * Before a device's new certificate is recorded: its place and its failed passcodes come along (rule S5). The old certificate keeps its
   * place until {@link leaveBehind}, so that nothing which fails in between sends the device to the operator's desktop.
   */
  carryOver(before: Fingerprint, after: Fingerprint): Promise<void>;
  /** The new certificate is recorded; the old one isn't paired any more. */
  leaveBehind(before: Fingerprint): Promise<void>;
}

export interface ProfilesOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly file: Pick<ProfilesFile, 'roster' | 'change' | 'problem'>;
  readonly gate: Pick<GateFile, 'counters' | 'begin' | 'change' | 'problem'>;
  readonly hasher: PasscodeHasher;
  readonly isolation: Isolation;
  readonly accounts: Pick<Accounts, 'bound' | 'released'>;
  readonly sessions: Pick<SessionPlaces, 'list' | 'empty' | 'expel'>;
  readonly paired: Pick<PairedDevices, 'onRemoved'>;
}

export function createProfiles(options: ProfilesOptions): ProfileDoor {
  return new StoredProfiles(options);
}

type Edit = (roster: Roster) => Roster;

class StoredProfiles implements ProfileDoor {
  readonly #options: ProfilesOptions;
  readonly #occupancy = new Occupancy<SeatHolder>();
  readonly #entrance: Entrance;

  constructor(options: ProfilesOptions) {
    this.#options = options;
    this.#entrance = new Entrance({ ...options, occupancy: this.#occupancy });
    options.paired.onRemoved((device) => void this.#deviceRemoved(device));
  }

  enter(entrant: Entrant): Promise<Entered> {
    return this.#entrance.enter(entrant);
  }

  exists(id: ProfileId): boolean {
    return id === OPERATOR || this.#roster().profiles.has(id);
  }

  async carryOver(before: Fingerprint, after: Fingerprint): Promise<void> {
    const { file, gate } = this.#options;
    await file.change((roster) => {
      const home = roster.homes.get(before);
      return home === undefined ? withoutDevice(roster, after) : withDevice(roster, home, after);
    });
    await gate.change((counters) => counters.renewDevice(before, after));
  }

  async leaveBehind(before: Fingerprint): Promise<void> {
    await this.#change((roster) => withoutDevice(roster, before));
  }

  list(): readonly ProfileRecord[] {
    const { profiles } = this.#roster();
    return [...profiles.values()].map((profile) => this.#record(profile));
  }

  get(id: ProfileId): ProfileRecord | undefined {
    const profile = this.#roster().profiles.get(id);
    return profile && this.#record(profile);
  }

  defaultId(): ProfileId | undefined {
    const { defaultId, profiles } = this.#roster();
    return defaultId !== undefined && profiles.has(defaultId) ? defaultId : undefined;
  }

  problem(): WireError | undefined {
    return this.#options.file.problem() ?? this.#options.gate.problem();
  }

  async create(input: ProfileInput): Promise<ProfileRecord> {
    const now = this.#options.clock.unix();
    const profile: Profile = { ...input, id: newProfileId(), created_unix: now, updated_unix: now };
    await this.#change((roster) => withProfile(roster, profile));
    await this.#tell('profile.created', profile.id, { kind: profile.os_account.kind });
    await this.#bind(profile);
    return this.#record(profile);
  }

  async update(
    id: ProfileId,
    input: ProfileInput,
    agrees: (current: ProfileRecord) => boolean = () => true,
  ): Promise<ProfileRecord | undefined> {
    let before = EMPTY_ROSTER;
    const roster = await this.#change((current) => {
      before = current;
      const profile = current.profiles.get(id);
      if (profile === undefined) return current;
      if (!agrees(profileRecord(profile, current.defaultId))) throw changedMeanwhile();
      return withProfile(current, this.#updated(profile, input));
    });
    const profile = roster.profiles.get(id);
    if (profile === undefined) return undefined;
    await this.#tell('profile.updated', id, { kind: profile.os_account.kind });
    this.#expelMoved(before, roster);
    if (!isStillThat(before.profiles.get(id)?.os_account, profile.os_account)) {
      await this.#release(id, 'the operator gave the profile another account');
    }
    await this.#bind(profile);
    return this.#record(profile);
  }

  async remove(id: ProfileId, running: 'end' | 'refuse'): Promise<boolean> {
    if (!this.#roster().profiles.has(id)) return false;
    const here = () => this.#options.sessions.list().filter((session) => session.profile === id);
    await this.#change((roster) => {
      if (running === 'refuse' && here().length > 0) {
        throw new CodedError('profile.has-sessions', 'somebody is in this profile; end the session first, or remove both at once');
      }
      return withoutProfile(roster, id);
    });
    const ended = here();
    await this.#release(id, 'the operator removed the profile');
    for (const { profile, holder } of this.#occupancy.list()) if (profile.id === id) this.#occupancy.leave(holder);
    await this.#tell('profile.removed', id, { sessions_ended: ended.length });
    await this.#options.gate.change((counters) => counters.forgetProfile(id));
    return true;
  }

  async setPasscode(id: ProfileId, passcode: Uint8Array | undefined): Promise<boolean> {
    try {
      const profile = this.#roster().profiles.get(id);
      if (profile === undefined) return false;
      if (passcode !== undefined) checkPasscode(passcode, profile.os_account);
      const phc = passcode === undefined ? undefined : await this.#options.hasher.claim().hash(passcode);
      const roster = await this.#change((before) => {
        const current = before.profiles.get(id);
        if (current === undefined) return before;
        const { passcode: _before, ...rest } = current;
        return withProfile(before, {
          ...rest,
          ...(phc === undefined ? {} : { passcode: { phc } }),
          updated_unix: this.#options.clock.unix(),
        });
      });
      if (!roster.profiles.has(id)) return false;
    } finally {
      passcode?.fill(0);
    }
    await this.#tell(passcode === undefined ? 'profile.passcode-cleared' : 'profile.passcode-set', id);
    await this.#options.gate.change((counters) => counters.forgetProfile(id));
    return true;
  }

  async changeCredential(id: ProfileId, change: 'set' | 'clear'): Promise<boolean> {
    if (!this.#roster().profiles.has(id)) return false;
    await this.#tell('profile.credential-refused', id, { change });
    throw new CodedError(
      'profile.needs-windows',
      'only a host on Windows keeps Windows passwords, and nothing was stored; give the profile an account of this host (see: usher accounts)',
    );
  }

  async assign(id: ProfileId, device: Fingerprint): Promise<boolean> {
    let before = EMPTY_ROSTER;
    const roster = await this.#change((current) => {
      before = current;
      return current.profiles.has(id) ? withDevice(current, id, device) : current;
    });
    if (!roster.profiles.has(id)) return false;
    await this.#tell('profile.device-assigned', id, { device });
    this.#expelMoved(before, roster);
    return true;
  }

  async unassign(device: Fingerprint): Promise<boolean> {
    let before = EMPTY_ROSTER;
    const roster = await this.#change((current) => {
      before = current;
      return withoutDevice(current, device);
    });
    const from = before.homes.get(device);
    if (from === undefined) return false;
    await this.#tell('profile.device-unassigned', from, { device });
    this.#expelMoved(before, roster);
    return true;
  }

  async setDefault(id: ProfileId | undefined): Promise<boolean> {
    const wanted = id === OPERATOR ? undefined : id;
    const roster = await this.#change((before) => {
      if (wanted === before.defaultId || (wanted !== undefined && !before.profiles.has(wanted))) return before;
      return { ...before, defaultId: wanted };
    });
    if (wanted !== undefined && !roster.profiles.has(wanted)) return false;
    await this.#tell('profile.default-set', wanted ?? OPERATOR);
    return true;
  }

  rosterFor(device: Fingerprint): readonly ProfileEntry[] {
    return pickableProfiles(this.#roster(), device);
  }

  placeFor(device: Fingerprint): ProfileRecord | undefined {
    const profile = placeOf(this.#roster(), device);
    return profile.id === OPERATOR ? undefined : this.#record(profile);
  }

  occupancy(): readonly TakenSeat[] {
    return this.#occupancy.list().map(({ profile, device, holder: { session } }) => {
      return { profile: profile.id, device, ...(session === undefined ? {} : { session }) };
    });
  }

  /** The profile's account is nobody's desktop any more. */
  async #release(id: ProfileId, why: string): Promise<void> {
    const { sessions, accounts } = this.#options;
    await sessions.empty(id, new CodedError('session.ended-by-operator', why));
    await accounts.released(id);
  }

  async #bind(profile: Profile): Promise<void> {
    const person = personOf(profile);
    if (person !== undefined) await this.#options.accounts.bound(person);
  }

  /** A device that was taken out of a profile has no business there any more: its session ends. */
  #expelMoved(before: Roster, after: Roster): void {
    const reason = new CodedError('session.ended-by-operator', 'the operator took this device out of the profile');
    for (const [device, home] of before.homes) {
      if (after.homes.get(device) !== home) this.#options.sessions.expel(device, home, reason);
    }
  }

  /** Another account is another person: what was resolved for the old one doesn't hold for it (requirement P1.7). */
  #updated(before: Profile, input: ProfileInput): Profile {
    const { id, passcode, created_unix } = before;
    const os_account = accountAfter(before, input);
    if (passcode === undefined) return { ...input, os_account, id, created_unix, updated_unix: this.#options.clock.unix() };
    return { ...input, os_account, id, passcode, created_unix, updated_unix: this.#options.clock.unix() };
  }

  /** A device that isn't paired any more has no place; a save that fails leaves one that nobody can use. */
  async #deviceRemoved(device: Fingerprint): Promise<void> {
    try {
      await this.unassign(device);
      await this.#options.gate.change((counters) => counters.forgetDevice(device));
    } catch (error) {
      this.#options.log.error({ err: error }, 'a removed device could not be unassigned');
    }
  }

  #roster(): Roster {
    return this.#options.file.roster();
  }

  #change(edit: Edit): Promise<Roster> {
    return this.#options.file.change(edit);
  }

  #record(profile: Profile): ProfileRecord {
    return profileRecord(profile, this.#roster().defaultId);
  }

  #tell(event: string, profile: ProfileId, fields?: Readonly<Record<string, string | number | boolean>>): Promise<void> {
    return this.#options.audit.append({ event, principal: 'operator', profile, ...(fields === undefined ? {} : { fields }) });
  }
}

function newProfileId(): ProfileId {
  return profileId(randomBytes(6).toString('hex'));
}

function changedMeanwhile(): CodedError {
  return new CodedError(
    'profile.changed',
    'somebody has changed the profile meanwhile; nothing was saved: read it again, and change what it says now',
  );
}

function isStillThat(before: OsAccount | undefined, after: OsAccount): boolean {
  return before !== undefined && ((before.kind === 'operator' && after.kind === 'operator') || sameAccount(before, after));
}

/** The account as the operator wrote it; under another name than before, without the uid, SID and credential of the old one. */
function accountAfter({ os_account: before }: Profile, { os_account: after }: ProfileInput): OsAccount {
  if (after.kind === 'linux') {
    const isStale = before.kind === 'linux' && before.username !== after.username && before.uid === after.uid;
    return isStale ? { kind: 'linux', username: after.username } : after;
  }
  if (after.kind === 'windows') {
    if (before.kind === 'windows' && before.account_name === after.account_name) return after;
    const { sid, ...rest } = after;
    const isStale = before.kind === 'windows' && before.sid === sid;
    return { ...rest, ...(sid === undefined || isStale ? {} : { sid }), credential: { source: 'none' } };
  }
  return after;
}

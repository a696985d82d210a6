import { CodedError, type Fingerprint, MAX_PROFILES, OPERATOR, type ProfileId } from '@usher/protocol';
import { type Profile, sameAccount } from './profile.ts';
import { PROFILE_DEVICES_MAX } from './profile-document.ts';

/** Profiles of one host: with the built-in one they must fit into one ProfileList (rule C10). */
export const PROFILES_MAX = MAX_PROFILES - 1;

/** All profiles and the default one, as stored. Immutable: each change returns another. */
export interface Roster {
  /** In the order they were made. */
  readonly profiles: ReadonlyMap<ProfileId, Profile>;
  /** Undefined where the operator's own profile is the default; may name a profile that is gone, which means the same. */
  readonly defaultId: ProfileId | undefined;
  /** The profile that each device is assigned to. */
  readonly homes: ReadonlyMap<Fingerprint, ProfileId>;
}

export const EMPTY_ROSTER: Roster = { profiles: new Map(), defaultId: undefined, homes: new Map() };

/**
 * The built-in profile: the host as it is without any (profiles design §4.5). It is never stored; to give the operator's desktop a
 * passcode or limits, the operator makes a profile of kind `operator` and makes it the default.
 */
export const OPERATOR_PROFILE: Profile = {
  id: OPERATOR,
  display_name: 'Operator',
  os_account: { kind: 'operator' },
  assigned_fingerprints: [],
  require_passcode_even_when_assigned: false,
  allow_shared_view: false,
  allow_takeover: false,
  tvos_user_ids: [],
  library_scope: { mode: 'all' },
  custom_entries: [],
  session_defaults: {},
  created_unix: 0,
  updated_unix: 0,
};

/**
 * A roster of profiles as a file has them: a device that several of them list belongs to the last (requirement P1.5).
 *
 * @throws CodedError `message.malformed` for an id that comes twice or is reserved, `profile.account-taken` for two profiles in one account.
 */
export function rosterOf(profiles: readonly Profile[], defaultId: ProfileId | undefined): Roster {
  const checked: Profile[] = [];
  for (const profile of profiles) {
    if (profile.id === OPERATOR || checked.some(({ id }) => id === profile.id)) {
      throw new CodedError('message.malformed', `the profile id ${profile.id} is reserved or comes twice`);
    }
    assertAccountIsFree(checked, profile);
    checked.push(profile);
  }
  return assemble(checked, defaultId);
}

/** With a new profile, or one in place of its former self; its devices leave the profiles that had them. */
export function withProfile(roster: Roster, profile: Profile): Roster {
  const isNew = !roster.profiles.has(profile.id);
  if (isNew && roster.profiles.size >= PROFILES_MAX) {
    throw new CodedError('message.malformed', `${PROFILES_MAX} profiles are the most; remove one first`);
  }
  assertAccountIsFree(
    [...roster.profiles.values()].filter(({ id }) => id !== profile.id),
    profile,
  );
  const others = [...roster.profiles.values()].map((other) => (other.id === profile.id ? profile : withoutDevices(other, profile)));
  return assemble(isNew ? [...others, profile] : others, roster.defaultId);
}

export function withoutProfile(roster: Roster, id: ProfileId): Roster {
  const defaultId = roster.defaultId === id ? undefined : roster.defaultId;
  return assemble(
    [...roster.profiles.values()].filter((profile) => profile.id !== id),
    defaultId,
  );
}

/** The device moves here from wherever it was (requirement P1.5). The profile must exist. */
export function withDevice(roster: Roster, id: ProfileId, device: Fingerprint): Roster {
  const profile = roster.profiles.get(id);
  if (profile === undefined) throw new RangeError('no such profile');
  if (profile.assigned_fingerprints.includes(device)) return roster;
  if (profile.assigned_fingerprints.length >= PROFILE_DEVICES_MAX) {
    throw new CodedError('message.malformed', `${PROFILE_DEVICES_MAX} devices of one profile are the most`);
  }
  return withProfile(roster, { ...profile, assigned_fingerprints: [...profile.assigned_fingerprints, device] });
}

export function withoutDevice(roster: Roster, device: Fingerprint): Roster {
  const profile = homeOf(roster, device);
  if (profile === undefined) return roster;
  const assigned_fingerprints = profile.assigned_fingerprints.filter((assigned) => assigned !== device);
  return withProfile(roster, { ...profile, assigned_fingerprints });
}

/** The profile that the device is assigned to. */
export function homeOf(roster: Roster, device: Fingerprint): Profile | undefined {
  const id = roster.homes.get(device);
  return id === undefined ? undefined : roster.profiles.get(id);
}

/** Where the device lands if it names no profile: its own, the default one, or the operator's. */
export function placeOf(roster: Roster, device: Fingerprint): Profile {
  const standard = roster.defaultId === undefined ? undefined : roster.profiles.get(roster.defaultId);
  return homeOf(roster, device) ?? standard ?? OPERATOR_PROFILE;
}

function assemble(profiles: readonly Profile[], defaultId: ProfileId | undefined): Roster {
  const homes = new Map<Fingerprint, ProfileId>();
  for (const { id, assigned_fingerprints } of profiles) for (const device of assigned_fingerprints) homes.set(device, id);
  const settled = profiles.map((profile) => {
    const kept = profile.assigned_fingerprints.filter((device) => homes.get(device) === profile.id);
    return kept.length === profile.assigned_fingerprints.length ? profile : { ...profile, assigned_fingerprints: kept };
  });
  return { profiles: new Map(settled.map((profile) => [profile.id, profile])), defaultId, homes };
}

function assertAccountIsFree(others: readonly Profile[], profile: Profile): void {
  const holder = others.find((other) => sameAccount(other.os_account, profile.os_account));
  if (holder === undefined) return;
  throw new CodedError('profile.account-taken', `the account belongs to the profile ${holder.display_name} already`);
}

function withoutDevices(profile: Profile, { assigned_fingerprints: gone }: Profile): Profile {
  const kept = profile.assigned_fingerprints.filter((device) => !gone.includes(device));
  return kept.length === profile.assigned_fingerprints.length ? profile : { ...profile, assigned_fingerprints: kept };
}

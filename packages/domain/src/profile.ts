import type { Fingerprint, ProfileId } from '@usher/protocol';

/**
 * Whose desktop (profiles design §4.2). The field names are those of `profiles.json`, which are also those of the API: one spelling
 * from the disk to the console.
 */
export interface Profile extends ProfileInput {
  readonly id: ProfileId;
  /** Never leaves the host: what others see is made by `profileRecord`. */
  readonly passcode?: PasscodeHash;
  readonly created_unix: number;
  readonly updated_unix: number;
}

/** What the operator says about a profile; everything else is the host's own (profiles design §4.7). */
export interface ProfileInput {
  readonly display_name: string;
  /** `#RRGGBB` or the name of a colour token. */
  readonly accent?: string;
  /** An emoji or picture name, an `https:` address, or a `data:image/` URL. */
  readonly avatar?: string;
  readonly os_account: OsAccount;
  /** A fingerprint is in at most one profile (requirement P1.5). */
  readonly assigned_fingerprints: readonly Fingerprint[];
  readonly require_passcode_even_when_assigned: boolean;
  /** Lets devices that aren't assigned into this profile although it has no passcode. */
  readonly allow_shared_view: boolean;
  /** Another device that is assigned may end the session of the one that is in (gap G13). */
  readonly allow_takeover: boolean;
  /** Hints for the console, never a factor (profiles design §6.6). */
  readonly tvos_user_ids: readonly string[];
  readonly library_scope: LibraryScope;
  readonly custom_entries: readonly CustomEntry[];
  readonly session_defaults: SessionDefaults;
}

/** The account that a profile lands in. Every kind is understood on every system, so that a file can travel. */
export type OsAccount =
  | { readonly kind: 'operator' }
  | { readonly kind: 'linux'; readonly username: string; readonly uid?: number }
  | { readonly kind: 'windows'; readonly account_name: string; readonly sid?: string; readonly credential: CredentialRef };

/** Where Windows keeps the secret of an account; never the secret. */
export type CredentialRef =
  | { readonly source: 'none' }
  | { readonly source: 'credential_manager'; readonly target: string }
  | { readonly source: 'lsa_secret'; readonly key: string }
  | { readonly source: 'dpapi_blob'; readonly path: string };

/** An argon2id hash in PHC form, parameters and salt included. */
export interface PasscodeHash {
  readonly phc: string;
}

/** Which titles of the library a profile sees: curation, not a sandbox (requirement P4.2). */
export type LibraryScope =
  | { readonly mode: 'all' }
  | { readonly mode: 'allow'; readonly ids: readonly string[] }
  | { readonly mode: 'deny'; readonly ids: readonly string[] };

/** A title of the profile's own. */
export interface CustomEntry {
  readonly id: string;
  readonly title: string;
  readonly art: Artwork;
  readonly launch?: LaunchSpec;
}

/** Addresses of pictures. */
export interface Artwork {
  readonly portrait?: string;
  readonly hero?: string;
  readonly logo?: string;
  readonly header?: string;
}

/** How a title is started: a kind that the host knows (`command`, `steam_appid`, …), and what it starts. */
export interface LaunchSpec {
  readonly kind: string;
  readonly value: string;
}

/** The most that a session of the profile may have; absent is no limit of the profile's own. */
export interface SessionDefaults {
  readonly max_width?: number;
  readonly max_height?: number;
  readonly max_refresh_hz?: number;
  readonly max_bitrate_kbps?: number;
  readonly compositor?: string;
  readonly gamepad?: string;
}

/** A profile as the operator sees it: whether it has a passcode, never its hash (requirement P8.1). */
export interface ProfileRecord extends Omit<Profile, 'passcode'> {
  readonly has_passcode: boolean;
  readonly is_default: boolean;
}

export function profileRecord({ passcode, ...rest }: Profile, defaultId: ProfileId | undefined): ProfileRecord {
  return { ...rest, has_passcode: passcode !== undefined, is_default: rest.id === defaultId };
}

/** One word for the account behind a profile; undefined for the operator's, which many may share (requirement P6.6). */
export function accountKey(account: OsAccount): string | undefined {
  switch (account.kind) {
    case 'operator':
      return undefined;
    case 'linux':
      return account.uid === undefined ? `linux-name:${account.username}` : `linux:${account.uid}`;
    case 'windows':
      // Windows compares account names without regard to case.
      return account.sid === undefined ? `windows-name:${account.account_name.toLowerCase()}` : `windows:${account.sid.toUpperCase()}`;
  }
}

/** Whether two accounts are one: by uid or SID where both are known, by name otherwise (requirement P1.5). */
export function sameAccount(one: OsAccount, other: OsAccount): boolean {
  if (one.kind === 'linux' && other.kind === 'linux') {
    return one.username === other.username || (one.uid !== undefined && one.uid === other.uid);
  }
  if (one.kind === 'windows' && other.kind === 'windows') {
    const names = [one, other].map(({ account_name }) => account_name.toLowerCase());
    return names[0] === names[1] || (one.sid !== undefined && one.sid.toUpperCase() === other.sid?.toUpperCase());
  }
  return false;
}

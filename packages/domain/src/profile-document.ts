import { CodedError, fingerprint, type Reader } from '@usher/protocol';
import type { Artwork, CredentialRef, CustomEntry, LaunchSpec, LibraryScope, OsAccount, ProfileInput, SessionDefaults } from './profile.ts';

/** Devices of one profile; far above what one person owns. */
export const PROFILE_DEVICES_MAX = 64;
/** Titles that a scope names. */
const SCOPE_IDS_MAX = 4096;
const CUSTOM_ENTRIES_MAX = 256;
const TV_USERS_MAX = 64;
/** A small picture as a `data:` URL. */
const AVATAR_MAX = 32 * 1024;
const NAME_MAX = 64;
const ID_MAX = 256;
const URL_MAX = 2048;
const COMMAND_MAX = 4096;

/** Compositors that show the operator's own desktop (rule SEC-3 of the profiles design, requirement P1.6). */
const SHARED_COMPOSITORS = ['kwin', 'mutter', 'wlroots'];
const COMPOSITORS = [...SHARED_COMPOSITORS, 'gamescope'] as const;

/**
 * Reads what the operator says about a profile, from the API or from a file, and checks what can be seen in one profile alone
 * (requirements P1.4–P1.6).
 *
 * @throws CodedError `message.malformed` with the path of the field.
 */
export function readProfileInput(body: Reader): ProfileInput {
  const os_account = readOsAccount(body.object('os_account'));
  const accent = optionalText(body, 'accent', NAME_MAX);
  const avatar = optionalText(body, 'avatar', AVATAR_MAX);
  if (accent !== undefined && !/^(#[0-9a-f]{6}|[a-z][a-z0-9-]*)$/i.test(accent)) {
    throw malformed('accent', 'expected #RRGGBB or the name of a colour');
  }
  if (avatar?.includes(':') === true && !/^(https:\/\/|data:image\/)/.test(avatar)) {
    throw malformed('avatar', 'expected a short text, an https: address or a data:image/ URL');
  }
  const devices = optionalStrings(body, 'assigned_fingerprints', PROFILE_DEVICES_MAX, 128).map(fingerprint);
  return {
    display_name: visibleText(body, 'display_name', NAME_MAX),
    ...(accent === undefined ? {} : { accent }),
    ...(avatar === undefined ? {} : { avatar }),
    os_account,
    assigned_fingerprints: [...new Set(devices)],
    require_passcode_even_when_assigned: body.optionalBoolean('require_passcode_even_when_assigned') ?? false,
    allow_shared_view: body.optionalBoolean('allow_shared_view') ?? false,
    allow_takeover: body.optionalBoolean('allow_takeover') ?? false,
    tvos_user_ids: optionalStrings(body, 'tvos_user_ids', TV_USERS_MAX, ID_MAX),
    library_scope: body.has('library_scope') ? readLibraryScope(body.object('library_scope')) : { mode: 'all' },
    custom_entries: body.has('custom_entries') ? body.list('custom_entries', CUSTOM_ENTRIES_MAX, readCustomEntry) : [],
    session_defaults: body.has('session_defaults') ? readSessionDefaults(body.object('session_defaults'), os_account) : {},
  };
}

function readOsAccount(body: Reader): OsAccount {
  const kind = body.word('kind', ['operator', 'linux', 'windows']);
  switch (kind) {
    case 'operator':
      return { kind };
    case 'linux': {
      const username = visibleText(body, 'username', NAME_MAX);
      // What useradd takes, wide: the account must exist anyway. Keeps out what could be an option or a path.
      if (!/^[a-z_][a-z0-9_.-]*\$?$/i.test(username)) throw malformed('os_account.username', 'not the name of an account');
      const uid = body.optionalInteger('uid', 1, 0xffff_fffe); // never root
      return { kind, username, ...(uid === undefined ? {} : { uid }) };
    }
    case 'windows': {
      const account_name = visibleText(body, 'account_name', ID_MAX);
      const sid = optionalText(body, 'sid', ID_MAX);
      if (sid !== undefined && !/^S-1(-\d{1,10})+$/i.test(sid)) throw malformed('os_account.sid', 'not a SID');
      const credential = body.has('credential') ? readCredential(body.object('credential')) : { source: 'none' as const };
      return { kind, account_name, ...(sid === undefined ? {} : { sid }), credential };
    }
  }
}

function readCredential(body: Reader): CredentialRef {
  const source = body.word('source', ['none', 'credential_manager', 'lsa_secret', 'dpapi_blob']);
  switch (source) {
    case 'none':
      return { source };
    case 'credential_manager':
      return { source, target: visibleText(body, 'target', ID_MAX) };
    case 'lsa_secret':
      return { source, key: visibleText(body, 'key', ID_MAX) };
    case 'dpapi_blob': {
      const path = visibleText(body, 'path', ID_MAX);
      if (!/^cred\/[0-9a-f]{12}\.bin$/.test(path)) throw malformed('os_account.credential.path', 'expected cred/<profile id>.bin');
      return { source, path };
    }
  }
}

function readLibraryScope(body: Reader): LibraryScope {
  const mode = body.word('mode', ['all', 'allow', 'deny']);
  return mode === 'all' ? { mode } : { mode, ids: [...new Set(body.strings('ids', SCOPE_IDS_MAX, ID_MAX))] };
}

function readCustomEntry(body: Reader): CustomEntry {
  return {
    id: visibleText(body, 'id', ID_MAX),
    title: visibleText(body, 'title', ID_MAX),
    art: body.has('art') ? readArtwork(body.object('art')) : {},
    ...(body.has('launch') ? { launch: readLaunch(body.object('launch')) } : {}),
  };
}

function readArtwork(body: Reader): Artwork {
  const portrait = optionalText(body, 'portrait', URL_MAX);
  const hero = optionalText(body, 'hero', URL_MAX);
  const logo = optionalText(body, 'logo', URL_MAX);
  const header = optionalText(body, 'header', URL_MAX);
  return {
    ...(portrait === undefined ? {} : { portrait }),
    ...(hero === undefined ? {} : { hero }),
    ...(logo === undefined ? {} : { logo }),
    ...(header === undefined ? {} : { header }),
  };
}

function readLaunch(body: Reader): LaunchSpec {
  return { kind: visibleText(body, 'kind', NAME_MAX), value: visibleText(body, 'value', COMMAND_MAX) };
}

function readSessionDefaults(body: Reader, account: OsAccount): SessionDefaults {
  const max_width = body.optionalInteger('max_width', 320, 16_384);
  const max_height = body.optionalInteger('max_height', 200, 16_384);
  const max_refresh_hz = body.optionalInteger('max_refresh_hz', 1, 1000);
  const max_bitrate_kbps = body.optionalInteger('max_bitrate_kbps', 100, 10_000_000);
  const compositor = body.has('compositor') ? body.word('compositor', COMPOSITORS) : undefined;
  const gamepad = optionalText(body, 'gamepad', NAME_MAX);
  if (account.kind !== 'operator' && compositor !== undefined && SHARED_COMPOSITORS.includes(compositor)) {
    throw malformed('session_defaults.compositor', `${compositor} shows the operator's desktop; only an operator profile may ask for it`);
  }
  return {
    ...(max_width === undefined ? {} : { max_width }),
    ...(max_height === undefined ? {} : { max_height }),
    ...(max_refresh_hz === undefined ? {} : { max_refresh_hz }),
    ...(max_bitrate_kbps === undefined ? {} : { max_bitrate_kbps }),
    ...(compositor === undefined ? {} : { compositor }),
    ...(gamepad === undefined ? {} : { gamepad }),
  };
}

/** One line of text that somebody can see: not empty, and no control or direction characters that could make it look like another. */
function visibleText(body: Reader, name: string, maxLength: number): string {
  const text = body.string(name, maxLength);
  if (text.trim() === '') throw malformed(name, 'is empty');
  if (/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(text)) throw malformed(name, 'has characters that do not show');
  return text;
}

/** The empty text is no text: forms send it. */
function optionalText(body: Reader, name: string, maxLength: number): string | undefined {
  return body.has(name) && body.raw(name) !== '' ? visibleText(body, name, maxLength) : undefined;
}

function optionalStrings(body: Reader, name: string, maxItems: number, maxLength: number): readonly string[] {
  return body.has(name) ? body.strings(name, maxItems, maxLength) : [];
}

function malformed(name: string, problem: string): CodedError {
  return new CodedError('message.malformed', `profile.${name}: ${problem}`);
}

import { EMPTY_ROSTER, PROFILES_MAX, type Profile, type Roster, readProfileInput, rosterOf } from '@usher/domain';
import { CodedError, isCoded, type ProfileId, profileId, Reader, type WireError } from '@usher/protocol';
import { replaceFile } from './atomic-file.ts';
import { ChangeQueue } from './change-queue.ts';
import type { SaveFile } from './paired-devices.ts';
import { errorWord } from './state-directory.ts';
import { readStateFile } from './state-file.ts';
import { type Fields, type KnownShape, withUnknown } from './unknown-fields.ts';

const VERSION = 1;
/** 63 profiles with pictures, scopes and devices, and as much again for fields of newer versions. */
const FILE_LIMIT = 16 * 1024 * 1024;
const PHC_MAX = 512;

/** The file as it was read, for what this version doesn't know of it (requirement P1.3). */
interface Original {
  readonly document: Fields;
  readonly profiles: ReadonlyMap<ProfileId, unknown>;
}

/**
 * `profiles.json` (rules P1.1–P1.3). The host is its only writer. A file that can't be read stays as it is, and every change is refused with
 * {@link problem}; one of a newer version is used but not changed.
 */
export class ProfilesFile {
  readonly #path: string;
  readonly #save: SaveFile;
  readonly #changes: ChangeQueue;
  readonly #original: Original;
  readonly #problem: CodedError | undefined;
  #roster: Roster;

  private constructor(path: string, save: SaveFile, roster: Roster, original: Original, problem?: CodedError) {
    this.#path = path;
    this.#save = save;
    this.#changes = new ChangeQueue(path);
    this.#roster = roster;
    this.#original = original;
    this.#problem = problem;
  }

  static async open(path: string, save: SaveFile = replaceFile): Promise<ProfilesFile> {
    const nothing = { document: {}, profiles: new Map() };
    try {
      const text = await readStateFile(path, FILE_LIMIT);
      if (text === undefined) return new ProfilesFile(path, save, EMPTY_ROSTER, nothing);
      const document = Reader.json(text, 'profiles.json');
      return new ProfilesFile(path, save, readRoster(document), readOriginal(document), newerVersion(document, path));
    } catch (error) {
      if (!isCoded(error)) throw error;
      return new ProfilesFile(path, save, EMPTY_ROSTER, nothing, unreadable(path, error));
    }
  }

  /** Why changes are refused; undefined where all is well. */
  problem(): WireError | undefined {
    return this.#problem && { code: this.#problem.code, message: this.#problem.message };
  }

  /**
   * The roster as it is on disk. Throws `store.unreadable` where it isn't known: an empty one would send everybody to the operator's
   * desktop, past every passcode.
   */
  roster(): Roster {
    if (this.#problem?.code === 'store.unreadable') throw this.#problem;
    return this.#roster;
  }

  /** One change after the other. It counts once it is on disk; where that fails, nothing has changed. An equal roster isn't written. */
  change(edit: (roster: Roster) => Roster): Promise<Roster> {
    return this.#changes.run(async () => {
      const next = edit(this.roster());
      if (next === this.#roster) return next;
      if (this.#problem !== undefined) throw this.#problem;
      try {
        await this.#save(this.#path, writeRoster(next, this.#original));
      } catch (cause) {
        throw new CodedError('store.write-failed', `${this.#path} can't be saved (${errorWord(cause)}); nothing has changed`, { cause });
      }
      this.#roster = next;
      return next;
    });
  }
}

function readRoster(document: Reader): Roster {
  const profiles = document.has('profiles') ? document.list('profiles', PROFILES_MAX, readProfile) : [];
  const defaultId = document.optionalString('default_profile_id', 64);
  return rosterOf(profiles, defaultId === undefined ? undefined : profileId(defaultId));
}

function readProfile(body: Reader): Profile {
  return {
    ...readProfileInput(body),
    id: profileId(body.string('id', 64)),
    ...(body.has('passcode') ? { passcode: { phc: body.object('passcode').string('phc', PHC_MAX) } } : {}),
    created_unix: body.optionalInteger('created_unix', 0, Number.MAX_SAFE_INTEGER) ?? 0,
    updated_unix: body.optionalInteger('updated_unix', 0, Number.MAX_SAFE_INTEGER) ?? 0,
  };
}

/** Everything that a profile of this version can have: what isn't among it is kept as it came, in the objects inside too. */
const PROFILE: KnownShape = {
  fields: new Set([
    ...['id', 'display_name', 'accent', 'avatar', 'os_account', 'assigned_fingerprints', 'passcode', 'require_passcode_even_when_assigned'],
    ...['allow_shared_view', 'allow_takeover', 'tvos_user_ids', 'library_scope', 'custom_entries', 'session_defaults', 'created_unix'],
    'updated_unix',
  ]),
  objects: {
    os_account: {
      fields: new Set(['kind', 'username', 'uid', 'account_name', 'sid', 'credential']),
      same: ['kind', 'username', 'account_name'],
      objects: { credential: { fields: new Set(['source', 'target', 'key', 'path']), same: ['source'] } },
    },
    passcode: { fields: new Set(['phc']), same: ['phc'] },
    library_scope: { fields: new Set(['mode', 'ids']), same: ['mode'] },
    session_defaults: { fields: new Set(['max_width', 'max_height', 'max_refresh_hz', 'max_bitrate_kbps', 'compositor', 'gamepad']) },
  },
  lists: {
    custom_entries: {
      key: 'id',
      item: {
        fields: new Set(['id', 'title', 'art', 'launch']),
        objects: {
          art: { fields: new Set(['portrait', 'hero', 'logo', 'header']) },
          launch: { fields: new Set(['kind', 'value']), same: ['kind', 'value'] },
        },
      },
    },
  },
};
const DOCUMENT: KnownShape = { fields: new Set(['version', 'profiles', 'default_profile_id']) };

function readOriginal(document: Reader): Original {
  const entries = document.has('profiles')
    ? document.list('profiles', PROFILES_MAX, (body) => [profileId(body.string('id', 64)), fieldsOf(body)] as const)
    : [];
  return { document: fieldsOf(document), profiles: new Map(entries) };
}

function fieldsOf(body: Reader): Fields {
  return Object.fromEntries(body.names().map((name) => [name, body.raw(name)]));
}

function writeRoster(roster: Roster, original: Original): string {
  const profiles = [...roster.profiles.values()].map((profile) => withUnknown({ ...profile }, original.profiles.get(profile.id), PROFILE));
  const defaultId = roster.defaultId === undefined ? {} : { default_profile_id: roster.defaultId };
  return `${JSON.stringify(withUnknown({ version: VERSION, profiles, ...defaultId }, original.document, DOCUMENT), null, 2)}\n`;
}

/** Version 0 or none is version 1 (requirement P1.3). */
function newerVersion(document: Reader, path: string): CodedError | undefined {
  const version = document.optionalInteger('version', 0, Number.MAX_SAFE_INTEGER) ?? VERSION;
  if (version <= VERSION) return undefined;
  return new CodedError(
    'store.newer-version',
    `${path} was written by a newer Usher (version ${version}); its profiles hold, but this Usher doesn't change them`,
  );
}

function unreadable(path: string, cause: CodedError): CodedError {
  const hint = 'nobody is let in until it is mended or moved away; it has been left as it is';
  return new CodedError('store.unreadable', `${path}: ${cause.message}; ${hint}`, { cause });
}

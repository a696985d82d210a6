import { type AccountName, accountName, CodedError, isCoded, type ProfileId, profileId, Reader } from '@usher/protocol';
import type { Logger } from '../log.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { ChangeQueue } from '../store/change-queue.ts';
import { errorWord } from '../store/state-directory.ts';
import { readStateFile } from '../store/state-file.ts';

const VERSION = 1;
/** What the broker can hold at most (128 profiles), with room. */
const FILE_LIMIT = 64 * 1024;

/**
 * `broker_bindings.json`: what the broker was told of each profile, so that a change which it could not be told of is made up for later.
 * It is written before the broker hears of a binding, so that there is none which isn't in it. Where it can't be read it begins anew: then
 * each profile is bound again before it is opened.
 */
export class BindingsFile {
  readonly #path: string;
  readonly #changes: ChangeQueue;
  readonly #bound: Map<ProfileId, AccountName>;

  private constructor(path: string, bound: Map<ProfileId, AccountName>) {
    this.#path = path;
    this.#changes = new ChangeQueue(path);
    this.#bound = bound;
  }

  static async open(path: string, log: Logger): Promise<BindingsFile> {
    try {
      const text = await readStateFile(path, FILE_LIMIT);
      return new BindingsFile(
        path,
        text === undefined ? new Map<ProfileId, AccountName>() : readBound(Reader.json(text, 'broker_bindings.json')),
      );
    } catch (error) {
      if (!isCoded(error)) throw error;
      log.warn({ problem: error.message }, 'what the broker was told is not known; every profile is bound again');
      return new BindingsFile(path, new Map<ProfileId, AccountName>());
    }
  }

  get(profile: ProfileId): AccountName | undefined {
    return this.#bound.get(profile);
  }

  all(): readonly (readonly [profile: ProfileId, account: AccountName])[] {
    return [...this.#bound];
  }

  /** Undefined forgets the profile. Rejects with `store.write-failed`; then nothing has changed. */
  set(profile: ProfileId, account: AccountName | undefined): Promise<void> {
    return this.#changes.run(async () => {
      const next = new Map(this.#bound);
      if (account === undefined) next.delete(profile);
      else next.set(profile, account);
      try {
        await replaceFile(this.#path, `${JSON.stringify({ version: VERSION, bound: Object.fromEntries(next) }, null, 2)}\n`);
      } catch (cause) {
        throw new CodedError('store.write-failed', `${this.#path} can't be saved (${errorWord(cause)})`, { cause });
      }
      if (account === undefined) this.#bound.delete(profile);
      else this.#bound.set(profile, account);
    });
  }
}

function readBound(document: Reader): Map<ProfileId, AccountName> {
  document.integer('version', VERSION, VERSION);
  const bound = document.object('bound');
  return new Map(bound.names().map((name) => [profileId(name), accountName(bound.string(name))]));
}

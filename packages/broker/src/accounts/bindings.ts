import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AccountName, accountName, isCoded, type ProfileId, profileId } from '@usher/protocol';
import { checkDirectory, orUnusable, readOwnFile, StateUnusable } from '../state-directory.ts';

/** Profiles that may be bound: twice what a roster of 64 ever has, so that leftovers don't block it. */
export const BINDINGS_MAX = 128;
/** A line is 12 + 32 + 10 characters and its separators. */
const FILE_MAX = BINDINGS_MAX * 64;
const FILE = 'accounts';

/** The account that a profile is, as it was when root's broker was told. */
export interface Binding {
  readonly account: AccountName;
  readonly uid: number;
}

/**
 * Which profile is which account: the broker's own record (requirement P6.2), `accounts` in its state directory, one line
 * `profile account uid` each. It is read anew for each request, so that what root changes by hand holds at once, and a record that others
 * could have written is refused as a whole. Every method throws `StateUnusable`.
 */
export class Bindings {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  read(): ReadonlyMap<ProfileId, Binding> {
    checkDirectory(this.#directory);
    const path = join(this.#directory, FILE);
    const lines = (readOwnFile(path, FILE_MAX) ?? '').split('\n');
    if (lines.pop() !== '') throw new StateUnusable(`${path} ends in the middle of a line`);
    const bindings = new Map<ProfileId, Binding>();
    const accounts = new Set<AccountName>();
    for (const [index, line] of lines.entries()) {
      const { profile, binding } = readLine(line, `${path}:${index + 1}`);
      if (bindings.has(profile) || accounts.has(binding.account)) throw new StateUnusable(`${path}:${index + 1} is there twice`);
      bindings.set(profile, binding);
      accounts.add(binding.account);
    }
    return bindings;
  }

  /** Replaces the record as a whole; what was there before holds until this returns. */
  write(bindings: ReadonlyMap<ProfileId, Binding>): void {
    checkDirectory(this.#directory);
    const path = join(this.#directory, FILE);
    const fresh = `${path}.new`;
    const text = [...bindings].map(([profile, { account, uid }]) => `${profile} ${account} ${uid}\n`).join('');
    orUnusable(path, () => {
      rmSync(fresh, { force: true }); // of a broker that was killed meanwhile
      const file = openSync(fresh, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(fresh, path);
      const directory = openSync(this.#directory, constants.O_RDONLY | constants.O_DIRECTORY);
      try {
        fsyncSync(directory);
      } finally {
        closeSync(directory);
      }
    });
  }
}

function readLine(line: string, place: string): { readonly profile: ProfileId; readonly binding: Binding } {
  const [, profile = '', account = '', uid = ''] = /^([0-9a-f]{12}) ([^ ]+) (\d{1,10})$/.exec(line) ?? [];
  try {
    return { profile: profileId(profile), binding: { account: accountName(account), uid: Number(uid) } };
  } catch (error) {
    if (isCoded(error)) throw new StateUnusable(`${place} can't be read`, error);
    throw error;
  }
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OsAccount } from '@usher/domain';
import { readSmallFile } from '../store/small-file.ts';
import { type PasswdEntry, parsePasswd } from './passwd.ts';

/** An account that the operator may bind a profile to (profiles design §9.3): never a password, a home or a group. */
export interface OsAccountCandidate {
  readonly username: string;
  readonly uid: number;
  readonly fullName?: string;
  /** Whether this host runs as it. */
  readonly isOperator: boolean;
}

export interface OsAccounts {
  /** The operator's first, then the others by name. */
  list(): Promise<readonly OsAccountCandidate[]>;
}

/** What `login.defs` says where it says nothing (login.defs(5)). */
const UID_MIN_DEFAULT = 1000;
/** `nobody`, and what lies above belongs to containers and services. */
const UID_END = 65534;
/** Shells by which nobody logs in. */
const NO_LOGIN = new Set(['nologin', 'false', 'sync', 'halt', 'shutdown', 'git-shell']);
/** A directory service that hangs is not waited for. */
const GETENT_WITHIN_MS = 5_000;
/** Some ten thousand accounts. */
const DATABASE_LIMIT = 2 * 1024 * 1024;

/** The accounts of people among those of the machine (requirement P8.3). */
export function peopleOf(entries: readonly PasswdEntry[], uidMin: number, operatorUid: number): readonly OsAccountCandidate[] {
  const seen = new Set<number>();
  const people: OsAccountCandidate[] = [];
  for (const { username, uid, fullName, shell } of entries) {
    const isOperator = uid === operatorUid;
    if (seen.has(uid) || !(isOperator || (uid >= uidMin && uid < UID_END && isLoginShell(shell)))) continue;
    seen.add(uid); // of two names for an account the first is its own
    people.push({ username, uid, ...(fullName === undefined ? {} : { fullName }), isOperator });
  }
  return people.sort((one, other) => Number(other.isOperator) - Number(one.isOperator) || (one.username < other.username ? -1 : 1));
}

/** An empty shell is /bin/sh (passwd(5)). */
function isLoginShell(shell: string): boolean {
  return !NO_LOGIN.has(shell.slice(shell.lastIndexOf('/') + 1));
}

/** The last UID_MIN of login.defs(5) counts. */
export function uidMinOf(loginDefs: string): number {
  const lines = [...loginDefs.matchAll(/^[ \t]*UID_MIN[ \t]+(\d{1,9})[ \t]*$/gm)];
  return Number(lines.at(-1)?.[1] ?? UID_MIN_DEFAULT);
}

/** The account as a profile would name it. */
export function accountOf({ username, uid }: OsAccountCandidate): OsAccount {
  return { kind: 'linux', username, uid };
}

/** Accounts by the system's own word: `getent` knows directory services too, `/etc/passwd` is there without it. */
export function createOsAccounts(operatorUid: number): OsAccounts {
  return {
    async list() {
      const [database, loginDefs] = await Promise.all([userDatabase(), readSmallFile('/etc/login.defs', DATABASE_LIMIT)]);
      return peopleOf(parsePasswd(database), uidMinOf(loginDefs ?? ''), operatorUid);
    },
  };
}

async function userDatabase(): Promise<string> {
  try {
    // By its full path and without our environment: what PATH or LD_PRELOAD name is not asked.
    const options = { env: {}, timeout: GETENT_WITHIN_MS, maxBuffer: DATABASE_LIMIT, encoding: 'utf8' } as const;
    return (await promisify(execFile)('/usr/bin/getent', ['passwd'], options)).stdout;
  } catch {
    return (await readSmallFile('/etc/passwd', DATABASE_LIMIT)) ?? ''; // no getent here, or it hangs: the local accounts are known all the same
  }
}

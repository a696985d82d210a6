import { readFileSync } from 'node:fs';
import type { AccountName } from '@usher/protocol';
import type { Answer } from '../run.ts';
import { GROUP, type SystemAccount } from './eligibility.ts';

/** Looks an account up; undefined where the system doesn't know it. */
export type FindAccount = (name: AccountName) => Promise<SystemAccount | undefined>;

/** UID_MIN where login.defs says nothing. */
const UID_MIN = 1000;

/** By `getent`, which asks whatever the system is set up with: files, systemd, a directory service. */
export function getentAccounts(run: (program: string, args: readonly string[]) => Promise<Answer>): FindAccount {
  const getent = async (database: string, key: string): Promise<readonly string[] | undefined> => {
    const { status, text } = await run('/usr/bin/getent', [database, key]);
    // Exactly one line: two accounts of one name are nobody's.
    return status === 0 && /^[^\n]+\n$/.test(text) ? text.trimEnd().split(':') : undefined;
  };
  return async (name) => {
    const [passwd, group, shadow] = await Promise.all([getent('passwd', name), getent('group', GROUP), getent('shadow', name)]);
    const [found, , uid, gid, , home] = passwd ?? [];
    const numbers = { uid: decimal(uid), gid: decimal(gid) };
    if (found !== name || numbers.uid === undefined || numbers.gid === undefined || !home?.startsWith('/')) return undefined;
    const isMember = group !== undefined && ((group[3] ?? '').split(',').includes(name) || group[2] === gid);
    return { name, uid: numbers.uid, gid: numbers.gid, home, isMember, expiryDay: decimal(shadow?.[7]) };
  };
}

/** The lowest uid that is a person's. */
export function readUidMin(path = '/etc/login.defs'): number {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return UID_MIN; // a system without the file has the default
  }
  return decimal(/^\s*UID_MIN\s+(\d+)\s*$/m.exec(text)?.[1]) ?? UID_MIN;
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

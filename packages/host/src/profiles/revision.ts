import { createHash } from 'node:crypto';
import type { ProfileRecord } from '@usher/domain';

/** Hex digits of a SHA-256 that are shown: nobody gains from making two alike, and chance doesn't. */
const DIGITS = 32;

/** A word for what a profile says now: whatever an answer shows of it changes the word, and nothing else does. */
export function revisionOf(profile: ProfileRecord): string {
  return createHash('sha256').update(JSON.stringify(profile, inOrder)).digest('hex').slice(0, DIGITS);
}

/** Names in order: a profile that was read from the file has them in another than one that was just changed. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

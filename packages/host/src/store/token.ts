import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { CodedError } from '@usher/protocol';
import { createStateFile, readSecretFile } from './state-file.ts';

/** 64 digits and a line end, with room for an editor's extra ones. */
const FILE_LIMIT = 256;

/** The operator's bearer token: whoever has it may do everything that the API can. */
export class BearerToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = sha256(token);
  }

  /** Compares digests, so that neither the length nor a common prefix shows in the time it takes (requirement P8.1). */
  matches(candidate: string): boolean {
    return timingSafeEqual(this.#digest, sha256(candidate));
  }
}

/** Reads the token of a state directory; the first start makes it. */
export async function openToken(directory: string): Promise<{ readonly token: BearerToken; readonly created: boolean }> {
  const path = join(directory, 'token');
  const stored = await readSecretFile(path, FILE_LIMIT);
  if (stored !== undefined) return { token: new BearerToken(readToken(stored, path)), created: false };
  const fresh = randomBytes(32).toString('hex');
  await createStateFile(path, `${fresh}\n`);
  return { token: new BearerToken(fresh), created: true };
}

function readToken(contents: string, path: string): string {
  const token = contents.trim();
  if (!/^[0-9a-f]{64}$/.test(token)) {
    throw new CodedError('store.unreadable', `${path} is not a line of 64 hex digits; remove it, and the next start makes a new token`);
  }
  return token;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CodedError, tryUtf8 } from '@usher/protocol';
import { systemWord, unreadable } from './unreadable.ts';

/** A device's keys and its hosts take some 50 KiB at the very most. */
const SIZE_MAX = 256 * 1024;
const OWNER_ONLY = 0o600;

/** The text of a file that only its owner may read; undefined where there is none. */
export async function readSecretFile(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    if (systemWord(cause) === 'ENOENT') return undefined;
    throw unreadable(path, systemWord(cause), cause);
  });
  if (file === undefined) return undefined;
  try {
    const { size, mode } = await file.stat();
    if ((mode & 0o077) !== 0) {
      throw new CodedError('store.unsafe', `others may read ${path}; if nobody has, run: chmod 600 '${path}'`);
    }
    if (size > SIZE_MAX) throw unreadable(path, `larger than ${SIZE_MAX} bytes`);
    const text = tryUtf8(await file.readFile());
    if (text === undefined) throw unreadable(path, 'not UTF-8 text');
    return text;
  } catch (cause) {
    throw cause instanceof CodedError ? cause : unreadable(path, systemWord(cause), cause);
  } finally {
    await file.close();
  }
}

/** Makes the file, whole from its first moment; false where it exists already. Its directory is made, for its owner only. */
export async function createSecretFile(path: string, text: string): Promise<boolean> {
  return atomically(path, text, async (temporary) => {
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      if (systemWord(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(temporary);
    }
  });
}

/** Replaces the file as a whole, or not at all. */
export async function replaceSecretFile(path: string, text: string): Promise<void> {
  await atomically(path, text, (temporary) => rename(temporary, path));
}

/** An exclusive temporary beside it, synced, put in place, and the directory synced: a crash leaves the old file or the new one. */
async function atomically<Result>(path: string, text: string, place: (temporary: string) => Promise<Result>): Promise<Result> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await synced(temporary, 'wx', (file) => file.writeFile(text));
    const result = await place(temporary);
    await synced(directory, 'r', () => Promise.resolve());
    return result;
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined); // the first failure is the one to tell
    throw new CodedError('store.write-failed', `${path} can't be written (${systemWord(cause)})`, { cause });
  }
}

async function synced(path: string, flags: string, work: (file: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const file = await open(path, flags, OWNER_ONLY);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

import { open } from 'node:fs/promises';
import { CodedError, tryUtf8 } from '@usher/protocol';
import { createFile } from './atomic-file.ts';
import { errorWord } from './state-directory.ts';

/**
 * The text of a state file, or undefined where there is none. Longer than `limit` bytes, not UTF-8, or not readable is
 * `store.unreadable` with the exact path; the file stays as it is.
 */
export async function readStateFile(path: string, limit: number): Promise<string | undefined> {
  return (await readWithMode(path, limit))?.text;
}

/** The same for a secret: a file that others may read is refused (`store.unsafe`), because the secret is one no more. */
export async function readSecretFile(path: string, limit: number): Promise<string | undefined> {
  const found = await readWithMode(path, limit);
  if (found !== undefined && (found.mode & 0o077) !== 0) {
    throw new CodedError('store.unsafe', `others may read ${path}; if nobody has, run: chmod 600 '${path}'`);
  }
  return found?.text;
}

/** Makes a state file that isn't there yet; a disk that can't take it is `store.write-failed`. */
export async function createStateFile(path: string, contents: string): Promise<void> {
  try {
    await createFile(path, contents);
  } catch (cause) {
    throw new CodedError('store.write-failed', `${path} can't be saved (${errorWord(cause)})`, { cause });
  }
}

async function readWithMode(path: string, limit: number): Promise<{ readonly text: string; readonly mode: number } | undefined> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    if (errorWord(cause) === 'ENOENT') return undefined;
    throw new CodedError('store.unreadable', `${path} can't be read (${errorWord(cause)})`, { cause });
  });
  if (handle === undefined) return undefined;
  try {
    const { size, mode } = await handle.stat();
    if (size > limit) throw new CodedError('store.unreadable', `${path} is larger than ${limit} bytes`);
    const text = tryUtf8(await handle.readFile());
    if (text === undefined) throw new CodedError('store.unreadable', `${path} is not UTF-8 text`);
    return { text, mode };
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError('store.unreadable', `${path} can't be read (${errorWord(cause)})`, { cause });
  } finally {
    await handle.close();
  }
}

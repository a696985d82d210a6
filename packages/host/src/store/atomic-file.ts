import { randomBytes } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What an atomic write needs of the file system; tests hand in one that fails. */
export type FileOperations = Pick<typeof nodeFiles, 'open' | 'rename' | 'link' | 'rm'>;

const OWNER_ONLY = 0o600;
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

/**
 * Replaces a file as a whole, or not at all (requirement P1.1): a temporary file beside it, made exclusively with mode 0600,
 * fsync, rename, fsync of the directory. Where a step up to the rename fails, the old file is untouched; the error is the file
 * system's own.
 */
export async function replaceFile(path: string, contents: string, files: FileOperations = nodeFiles): Promise<void> {
  await withTemporary(path, contents, files, (temporary) => files.rename(temporary, path));
}

/** Makes a file that must not exist yet, complete from its first moment; rejects with `EEXIST` where it does. */
export async function createFile(path: string, contents: string, files: FileOperations = nodeFiles): Promise<void> {
  await withTemporary(path, contents, files, async (temporary) => {
    await files.link(temporary, path);
    await files.rm(temporary);
  });
}

/** Removes what a killed process left between its two steps. Only the holder of the directory's lock may call it. */
export async function sweepTemporaries(directory: string): Promise<readonly string[]> {
  const left = (await nodeFiles.readdir(directory)).filter((name) => TEMPORARY.test(name));
  await Promise.all(left.map((name) => nodeFiles.rm(join(directory, name), { force: true })));
  return left;
}

async function withTemporary(
  path: string,
  contents: string,
  files: FileOperations,
  putInPlace: (temporary: string) => Promise<void>,
): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeSynced(temporary, contents, files);
    await putInPlace(temporary);
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => undefined); // the first failure is the one to tell; the next start sweeps
    throw error;
  }
  await syncDirectory(directory, files);
}

async function writeSynced(path: string, contents: string, files: FileOperations): Promise<void> {
  const handle = await files.open(path, 'wx', OWNER_ONLY);
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without it a power cut may bring the old name back although the new file is complete. */
async function syncDirectory(directory: string, files: FileOperations): Promise<void> {
  const handle = await files.open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

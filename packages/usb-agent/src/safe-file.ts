import { randomBytes } from 'node:crypto';
import { constants, type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CodedError } from '@usher/protocol';

/** Largest file that is read: an ACL of 1,000 long rules has half of it. */
const MAX_BYTES = 1024 * 1024;

/** A file that others may read or write: whoever looks at it gets to know the command that takes it from them. */
export class OpenFileError extends CodedError {
  readonly problem: string;
  readonly mend: string;

  constructor(problem: string, mend: string) {
    super('store.unsafe', `${problem}; run: ${mend}`);
    this.problem = problem;
    this.mend = mend;
  }
}

/**
 * An owner-only file's bytes, or undefined where there is none. `store.unsafe` where it is no ordinary file, and {@link OpenFileError}
 * where others may write or read it or it belongs to somebody else; symbolic links aren't followed.
 */
export async function readOwnFile(path: string): Promise<Buffer | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw new CodedError('store.unreadable', `${path} can't be read`, { cause: error });
  }
  try {
    const status = await file.stat();
    if (!status.isFile() || status.size > MAX_BYTES) throw new CodedError('store.unsafe', `${path} isn't an ordinary file of this kind`);
    const uid = process.getuid?.();
    if (status.uid !== uid) throw new OpenFileError(`${path} belongs to another user`, `sudo chown ${uid} '${path}'`);
    if ((status.mode & 0o077) !== 0) throw new OpenFileError(`${path} is open to others`, `chmod 600 '${path}'`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Replaces a file as a whole, mode 0600: readers see the old bytes or the new ones, also after a power cut. */
export function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  return withTemporary(path, bytes, (temporary) => rename(temporary, path));
}

/** Creates a file of mode 0600 that must not exist yet; it is whole from its first moment, and on disk when this returns. */
export function createExclusively(path: string, bytes: Uint8Array | string): Promise<void> {
  return withTemporary(path, bytes, async (temporary) => {
    await link(temporary, path);
    await unlink(temporary);
  });
}

async function withTemporary(path: string, bytes: Uint8Array | string, putInPlace: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeSynced(temporary, bytes);
    await putInPlace(temporary);
    await syncDirectory(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined); // it may never have come to exist
    throw new CodedError('store.write-failed', `${path} can't be written`, { cause: error });
  }
}

async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

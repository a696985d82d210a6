import { mkdir, stat } from 'node:fs/promises';
import { CodedError } from '@usher/protocol';

/**
 * Makes the state directory (mode 0700) or checks that nobody but its owner gets in (requirement P1.1). A directory that somebody
 * else owns or may enter is refused with the command that mends it: what lies in it would not be ours alone.
 */
export async function openStateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CodedError('store.unsafe', `the state directory ${path} can't be made (${errorWord(cause)}); choose another with --home`, {
      cause,
    });
  }
  const { uid, mode } = await stat(path);
  const user = process.geteuid?.() ?? uid;
  if (uid !== user) {
    throw new CodedError('store.unsafe', `the state directory ${path} belongs to uid ${uid}; run: sudo chown -R ${user} '${path}'`);
  }
  if ((mode & 0o077) !== 0) {
    throw new CodedError('store.unsafe', `others may enter the state directory ${path}; run: chmod 700 '${path}'`);
  }
}

/** The system's word for a failure (`EACCES`), which is safe to show; its message may quote more than the path. */
export function errorWord(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}

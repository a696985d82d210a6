import { lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The worker's own directory for sockets and cookies: 0700, gone when the worker ends. */
export interface RuntimeDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** Made below XDG_RUNTIME_DIR if that is ours alone, else below the system's temporary directory. */
export async function makeRuntimeDir(): Promise<RuntimeDir> {
  const wished = process.env['XDG_RUNTIME_DIR'];
  const parent = wished !== undefined && (await isPrivate(wished)) ? wished : tmpdir();
  // mkdtemp makes the directory 0700, with a name that nobody can have prepared.
  const path = await mkdtemp(join(parent, 'usher-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function isPrivate(directory: string): Promise<boolean> {
  try {
    const status = await lstat(directory);
    return status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o777) === 0o700;
  } catch {
    return false; // it doesn't exist: the temporary directory serves as well
  }
}

import { rmSync } from 'node:fs';
import { lstat, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes the worker's own directory for sockets and cookies, 0700, and removes it when the process exits. It lies below XDG_RUNTIME_DIR
 * if that is ours alone, else below the system's temporary directory. A killed worker leaves an empty shell that disturbs nobody:
 * every worker has a name of its own.
 */
export async function makeRuntimeDir(): Promise<string> {
  const wished = process.env['XDG_RUNTIME_DIR'];
  const parent = wished !== undefined && (await isPrivate(wished)) ? wished : tmpdir();
  // mkdtemp makes the directory 0700, with a name that nobody can have prepared.
  const path = await mkdtemp(join(parent, 'usher-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function isPrivate(directory: string): Promise<boolean> {
  try {
    const status = await lstat(directory);
    return status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o777) === 0o700;
  } catch {
    return false; // it doesn't exist: the temporary directory serves as well
  }
}

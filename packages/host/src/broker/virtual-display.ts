import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where a login finds programs, whatever this process's own PATH is. */
const DIRECTORIES = ['/usr/bin', '/usr/local/bin', '/bin'];

/** Whether a person's worker will find an X server to start. Looked up anew each time: it may be installed meanwhile. */
export function hasVirtualDisplay(directories: readonly string[] = DIRECTORIES): boolean {
  return directories.some((directory) => {
    try {
      accessSync(join(directory, 'Xvfb'), constants.X_OK);
      return true;
    } catch {
      return false; // not here: the next directory may have it
    }
  });
}

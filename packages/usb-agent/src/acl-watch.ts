import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Editors and restores touch several files in a row; one look soon after the first sees them all, or is followed by another. */
const SETTLE_MS = 100;

/**
 * Calls `look` soon after anything happened to the rules or to what vouches for them, as long as this process runs. The directory is
 * watched, because files are replaced and not rewritten. `lost` is told where the operating system won't watch (any more).
 */
export function watchRules(path: string, look: () => void, lost: (problem: string) => void): void {
  let isDue = false;
  let watcher: FSWatcher;
  const name = basename(path);
  try {
    watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (isDue || (changed !== null && !changed.startsWith(name))) return;
      isDue = true;
      setTimeout(() => {
        isDue = false;
        look();
      }, SETTLE_MS).unref();
    });
  } catch (error) {
    lost(String(error));
    return;
  }
  watcher.on('error', (error) => lost(String(error)));
}

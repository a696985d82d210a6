import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** Editors and restores touch several files in a row; one look after the last is enough. */
const SETTLE_MS = 100;

/**
 * Calls `look` soon after anything happened to the rules or to what vouches for them; the function returned ends it. The directory is
 * watched, because files are replaced and not rewritten. `lost` is told where the operating system won't watch (any more).
 */
export async function watchRules(path: string, look: () => void, lost: (problem: string) => void): Promise<() => void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher;
  const name = basename(path);
  try {
    watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (changed !== null && !changed.startsWith(name)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        look();
      }, SETTLE_MS);
    });
  } catch (error) {
    lost(String(error));
    return () => undefined;
  }
  watcher.on('error', (error) => lost(String(error)));
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What nobody has used for so long belongs to a version of the labs that is gone. */
const UNUSED_DAYS = 14;
/** A directory that is being made for longer than this was left behind by a process that was killed. */
const ABANDONED_DAYS = 1;
const DAY_MS = 24 * 60 * 60 * 1000;
const UNFINISHED = '.unfinished-';

/** Where the labs keep what takes long to make; outside of the repository, shared by its checkouts. */
function cacheDirectory(): string {
  const { XDG_CACHE_HOME: base } = process.env;
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'usher-lab');
}

/**
 * The directory called by its content's `key`; `make` fills it where it isn't there yet. It appears whole or not at all: whoever is killed
 * leaves only an unfinished one with a name of its own, and of two who make it at the same time, the second takes the first one's.
 */
export async function cached(key: string, make: (directory: string) => Promise<void>): Promise<string> {
  const cache = cacheDirectory();
  const finished = join(cache, key);
  if (existsSync(finished)) {
    await utimes(finished, new Date(), new Date());
    return finished;
  }
  await mkdir(cache, { recursive: true });
  await discardOld(cache);
  const unfinished = await mkdtemp(join(cache, UNFINISHED));
  try {
    await make(unfinished);
    await rename(unfinished, finished).catch((error: unknown) => {
      if (!existsSync(finished)) throw error;
    });
    return finished;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function discardOld(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const age = Date.now() - (await stat(path)).mtimeMs;
    const limit = (name.startsWith(UNFINISHED) ? ABANDONED_DAYS : UNUSED_DAYS) * DAY_MS;
    if (age > limit) await rm(path, { recursive: true, force: true });
  }
}

import { byTitle, type GameEntry } from '@usher/domain';
import type { Clock } from '../clock.ts';
import { desktopSource, desktopTitles } from './desktop-titles.ts';
import { steamRoots, steamTitles } from './steam-titles.ts';

/** What is installed changes by hand; a console that asks every second shouldn't read a few hundred files for it. */
const FRESH_MS = 30_000;

/** The titles of this machine, before any profile's scope (requirement P4.1). */
export interface Library {
  /** Sorted by lower-cased title. */
  titles(): Promise<readonly GameEntry[]>;
}

type Provider = () => Promise<readonly GameEntry[]>;

/** The host's own user's view of the machine: its desktop entries and its Steam. */
export function createLibrary(clock: Clock, environment: NodeJS.ProcessEnv): Library {
  return new MergedLibrary(clock, [() => desktopTitles(desktopSource(environment)), () => steamTitles(steamRoots())]);
}

/** Providers side by side, read again when what was read has aged. Callers at the same time share one reading. */
export class MergedLibrary implements Library {
  readonly #clock: Clock;
  readonly #providers: readonly Provider[];
  #reading: { readonly titles: Promise<readonly GameEntry[]>; readonly sinceMs: number } | undefined;

  constructor(clock: Clock, providers: readonly Provider[]) {
    this.#clock = clock;
    this.#providers = providers;
  }

  async titles(): Promise<readonly GameEntry[]> {
    const now = this.#clock.now();
    if (this.#reading === undefined || now - this.#reading.sinceMs >= FRESH_MS) this.#reading = { titles: this.#read(), sinceMs: now };
    const reading = this.#reading;
    try {
      return await reading.titles;
    } catch (error) {
      if (this.#reading === reading) this.#reading = undefined; // the next caller tries again
      throw error;
    }
  }

  async #read(): Promise<readonly GameEntry[]> {
    const parts = await Promise.all(this.#providers.map((provider) => provider()));
    return parts.flat().sort(byTitle);
  }
}

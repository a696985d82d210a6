import type { Artwork, CustomEntry, LaunchSpec, LibraryScope, ProfileInput } from './profile.ts';

/** A title of the library as pages list it. */
export interface GameEntry {
  /** Qualified by its store: `steam:570`, `desktop:firefox`, `custom:ab12`. */
  readonly id: string;
  readonly store: string;
  readonly title: string;
  readonly art: Artwork;
  readonly launch?: LaunchSpec;
}

/**
 * The titles that a profile sees: the machine's within its scope, and its own, sorted by title (requirement P4.1). Listing and launching
 * both go through here, so a title that isn't listed can't be named either (P4.2). Curation, not a sandbox.
 */
export function scopeLibrary(
  titles: readonly GameEntry[],
  profile: Pick<ProfileInput, 'library_scope' | 'custom_entries'>,
): readonly GameEntry[] {
  const own = profile.custom_entries.map(gameOfEntry);
  const ids = new Set(own.map(({ id }) => id));
  const inScope = scopeFilter(profile.library_scope);
  return [...titles.filter(({ id }) => !ids.has(id) && inScope(id)), ...own].sort(byTitle);
}

/** Without regard to case, and the same on every machine: between equal titles the id decides. */
export function byTitle(one: GameEntry, other: GameEntry): number {
  return order(one.title.toLowerCase(), other.title.toLowerCase()) || order(one.id, other.id);
}

function gameOfEntry({ id, ...entry }: CustomEntry): GameEntry {
  return { id: `custom:${id}`, store: 'custom', ...entry };
}

function scopeFilter(scope: LibraryScope): (id: string) => boolean {
  if (scope.mode === 'all') return () => true;
  const named = new Set(scope.ids);
  return scope.mode === 'allow' ? (id) => named.has(id) : (id) => !named.has(id);
}

function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

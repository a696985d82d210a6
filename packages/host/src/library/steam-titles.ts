import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { GameEntry } from '@usher/domain';
import { isCoded } from '@usher/protocol';
import { readSmallFile } from '../store/small-file.ts';
import { parseVdf, type VdfObject } from './vdf.ts';

/** Drives that hold games; Steam itself names a handful. */
const FOLDERS_MAX = 32;
/** Manifests in one folder; the largest known collections that are installed at once stay in the hundreds. */
const MANIFESTS_MAX = 4096;
/** A manifest has a few KiB, the list of folders names every game by number. */
const FILE_LIMIT = 1024 * 1024;
const NAME_MAX = 256;
/** Bit 2 of StateFlags: everything is there. */
const FULLY_INSTALLED = 4;
/** What Steam installs beside the games to run them. */
const TOOLS = /^(?:Proton |Steam Linux Runtime|Steamworks Common)/;

/** Where Steam puts itself, by package; the first two are usually one place by two names. */
export function steamRoots(home = homedir()): readonly string[] {
  return [
    '.steam/steam',
    '.local/share/Steam',
    '.var/app/com.valvesoftware.Steam/.local/share/Steam',
    'snap/steam/common/.local/share/Steam',
  ].map((path) => join(home, path));
}

/** The games that are installed, as `steam:<app id>`. */
export async function steamTitles(roots: readonly string[]): Promise<readonly GameEntry[]> {
  const titles = new Map<string, GameEntry>();
  for (const folder of await steamFolders(roots)) {
    const names = await readdir(join(folder, 'steamapps')).catch(() => []); // a drive that isn't mounted
    for (const name of names.filter((name) => /^appmanifest_\d{1,10}\.acf$/.test(name)).slice(0, MANIFESTS_MAX)) {
      const title = titleOf(await readVdf(join(folder, 'steamapps', name)));
      if (title !== undefined) titles.set(title.id, title);
    }
  }
  return [...titles.values()];
}

/** Every folder with games, once, however many links lead there. */
async function steamFolders(roots: readonly string[]): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  for (const root of roots) {
    const listed = child(await readVdf(join(root, 'steamapps', 'libraryfolders.vdf')), 'libraryfolders');
    const paths = [...(listed?.values() ?? [])].map((folder) => (typeof folder === 'string' ? folder : text(folder, 'path')));
    for (const path of [root, ...paths]) {
      if (path === undefined || !isAbsolute(path) || folders.size >= FOLDERS_MAX) continue;
      const real = await realpath(path).catch(() => undefined); // not mounted, or no Steam at all
      if (real !== undefined) folders.add(real);
    }
  }
  return folders;
}

function titleOf(manifest: VdfObject | undefined): GameEntry | undefined {
  const state = child(manifest, 'appstate');
  const id = text(state, 'appid') ?? '';
  const title = text(state, 'name')?.trim() ?? '';
  const flags = Number(text(state, 'stateflags') ?? 0);
  if (!/^\d{1,10}$/.test(id) || title === '' || title.length > NAME_MAX || TOOLS.test(title)) return undefined;
  if (!Number.isInteger(flags) || (flags & FULLY_INSTALLED) === 0) return undefined;
  return { id: `steam:${id}`, store: 'steam', title, art: {}, launch: { kind: 'steam_appid', value: id } };
}

/** Undefined for a file that isn't there or that Steam was just writing: the rest of the library is still worth showing. */
async function readVdf(path: string): Promise<VdfObject | undefined> {
  const file = await readSmallFile(path, FILE_LIMIT);
  try {
    return file === undefined ? undefined : parseVdf(file);
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

function child(object: VdfObject | undefined, name: string): VdfObject | undefined {
  const value = object?.get(name);
  return typeof value === 'string' ? undefined : value;
}

function text(object: VdfObject | undefined, name: string): string | undefined {
  const value = object?.get(name);
  return typeof value === 'string' ? value : undefined;
}

import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type GameEntry, joinCommand } from '@usher/domain';
import { readSmallFile } from '../store/small-file.ts';
import { type DesktopEnvironment, parseDesktopEntry } from './desktop-entry.ts';

/** Directories inside `applications`; packages nest one or two deep (`kde/org.…`). */
const DEPTH_MAX = 4;
/** Entries of all directories together; a machine with everything installed has some hundreds. */
const FILES_MAX = 4096;
/** The largest known ones, with every language, are below 100 KiB. */
const FILE_LIMIT = 256 * 1024;
/** The specification asks for reverse domain names; as `desktop:…` they fit into Hello's 128 bytes. */
const FILE_ID = /^([!-~]{1,120})\.desktop$/;

/** Where desktop entries lie and for whom they are read, from the environment of this process (XDG Base Directory Specification). */
export function desktopSource(environment: NodeJS.ProcessEnv): DesktopEnvironment & { readonly directories: readonly string[] } {
  const named = (name: string, otherwise: string) => environment[name] || otherwise; // an empty variable is an absent one
  const shared = named('XDG_DATA_DIRS', '/usr/local/share:/usr/share').split(':');
  return {
    // A relative path is invalid by the specification and ignored.
    directories: [named('XDG_DATA_HOME', join(homedir(), '.local', 'share')), ...shared].filter(isAbsolute),
    locale: environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || 'C',
    desktops: named('XDG_CURRENT_DESKTOP', '').split(':'),
  };
}

/** The programs that are installed, as `desktop:<desktop file id>`. Of two files for an id the first directory's counts, even to hide it. */
export async function desktopTitles(source: ReturnType<typeof desktopSource>): Promise<readonly GameEntry[]> {
  const files = new Map<string, string>();
  for (const directory of source.directories) await collect(join(directory, 'applications'), '', 0, files);
  const titles: GameEntry[] = [];
  for (const [id, path] of files) {
    const text = await readSmallFile(path, FILE_LIMIT);
    const entry = text === undefined ? undefined : parseDesktopEntry(text, source);
    if (entry === undefined) continue;
    titles.push({
      id: `desktop:${id}`,
      store: 'desktop',
      title: entry.name,
      art: {},
      launch: { kind: 'command', value: joinCommand(entry.command) },
    });
  }
  return titles;
}

/** Desktop file id → path: `kde/org.x.desktop` is `kde-org.x`. Links to directories aren't followed, so it ends. */
async function collect(directory: string, prefix: string, depth: number, files: Map<string, string>): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []); // most of the directories aren't there
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (depth < DEPTH_MAX) await collect(path, `${prefix}${entry.name}-`, depth + 1, files);
      continue;
    }
    const [, id] = FILE_ID.exec(`${prefix}${entry.name}`) ?? [];
    if (id !== undefined && !files.has(id) && files.size < FILES_MAX) files.set(id, path);
  }
}

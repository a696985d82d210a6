import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** How this machine gets Debian's packages; the same holds while an image is built, so no mirror's address is written anywhere here. */
export interface AptSettings {
  /** Debian's name for the release, `bookworm`. */
  readonly release: string;
  /** Files of sources for that release. */
  readonly sources: readonly string[];
  /** Lines of apt.conf: proxies, and which checks of dates the machine leaves out. */
  readonly options: readonly string[];
}

/** What of `Acquire` says how to fetch; the rest says what to fetch, which the image decides itself. */
const HOW_TO_FETCH = /^Acquire::(Check-|http|https|Retries|ForceIPv)/;

export async function readAptSettings(): Promise<AptSettings> {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  if (release === undefined) throw new Error('the labs build their machine from Debian packages; /etc/os-release names no release');
  const dumped = await runTool('apt-config', ['dump']);
  return {
    release,
    sources: await sourcesOf(release),
    options: dumped.split('\n').filter((line) => HOW_TO_FETCH.test(line) && !line.endsWith('"";')),
  };
}

async function sourcesOf(release: string): Promise<readonly string[]> {
  const directory = '/etc/apt/sources.list.d';
  const names = (await readdir(directory)).filter((name) => /\.(list|sources)$/.test(name)).sort();
  const found: string[] = [];
  for (const path of ['/etc/apt/sources.list', ...names.map((name) => join(directory, name))]) {
    const text = await readFile(path, 'utf8').catch(() => ''); // a machine has one kind or the other
    const stated = text.replace(/^\s*#.*$/gm, '');
    const offersDebian = new RegExp(`\\b${release}\\b`).test(stated) && /\bmain\b/.test(stated);
    if (offersDebian) found.push(path);
  }
  if (found.length === 0) throw new Error(`no file under /etc/apt names a source of Debian ${release}`);
  return found;
}

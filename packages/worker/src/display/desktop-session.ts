import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findExecutable } from '../process/find-program.ts';

/** A desktop environment of the machine, as its package describes it in `xsessions`. */
export interface DesktopSession {
  /** The name of its file, by which the environment itself is told which one it is. */
  readonly id: string;
  /** For `XDG_CURRENT_DESKTOP`. */
  readonly desktops: string;
  /** Absolute program and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
}

/** Those that draw without a graphics card and take the size of their screen from RandR; the first that is installed counts. */
const KNOWN = ['xfce', 'lxqt'] as const;
/** Where packages put them (XDG Base Directory Specification). */
const DATA_DIRECTORIES = '/usr/local/share:/usr/share';
/** With the names in every language they have some 5 KB. */
const FILE_MAX = 64 * 1024;
/** An Exec of plain words; one that would need a shell's reading is nobody's whom we know. */
const WORDS = /^[\w./+:=@-]+( +[\w./+:=@-]+)*$/;

/** The desktop environment that a person of this machine would be greeted with; undefined where there is none that is known to work. */
export async function findDesktopSession(environment: {
  readonly XDG_DATA_DIRS?: string | undefined;
  readonly PATH: string;
}): Promise<DesktopSession | undefined> {
  const directories = (environment.XDG_DATA_DIRS || DATA_DIRECTORIES).split(delimiter).filter((directory) => directory.startsWith('/'));
  for (const id of KNOWN) {
    for (const directory of directories) {
      const session = await readSession(join(directory, 'xsessions', `${id}.desktop`), id, environment.PATH);
      if (session !== undefined) return session;
    }
  }
  return undefined;
}

async function readSession(path: string, id: string, searchPath: string): Promise<DesktopSession | undefined> {
  const keys = keysOf(await textOf(path));
  const exec = keys.get('Exec') ?? '';
  if (!WORDS.test(exec) || keys.get('Hidden') === 'true') return undefined;
  const [name = '', ...args] = exec.split(/ +/);
  const tried = keys.get('TryExec');
  const program = await findExecutable(name, searchPath);
  if (program === undefined || (tried !== undefined && (await findExecutable(tried, searchPath)) === undefined)) return undefined;
  const desktops = (keys.get('DesktopNames') ?? id).split(';').filter((word) => /^[\w-]+$/.test(word));
  return { id, desktops: desktops.join(':') || id, command: [program, ...args] };
}

/** The keys of `[Desktop Entry]`, without those in a language. */
function keysOf(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('[')) inside = line.trimEnd() === '[Desktop Entry]';
    const [, key, value] = /^([A-Za-z0-9-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (inside && key !== undefined && value !== undefined && !keys.has(key)) keys.set(key, value);
  }
  return keys;
}

/** Empty where there is none: nothing of it is needed. */
async function textOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    return size > FILE_MAX ? '' : await file.readFile('utf8');
  } catch {
    return ''; // a directory, or a disk that fails
  } finally {
    await file.close();
  }
}

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CodedError } from '@usher/protocol';

/** Where each program comes from, so that an error can say what to install. */
const DEBIAN_PACKAGE = {
  Xvfb: 'xvfb',
  openbox: 'openbox',
  xterm: 'xterm',
  pulseaudio: 'pulseaudio',
  parec: 'pulseaudio-utils',
  setpriv: 'util-linux',
} as const;
export type Program = keyof typeof DEBIAN_PACKAGE;

/** The full path of a program, or `worker.missing-program` with the command that installs it. */
export async function findProgram(program: Program): Promise<string> {
  const path = await findExecutable(program, process.env['PATH'] ?? '/usr/bin:/bin');
  if (path !== undefined) return path;
  const wanted = DEBIAN_PACKAGE[program];
  throw new CodedError('worker.missing-program', `${program} is not installed; on Debian: sudo apt install ${wanted}`);
}

/** A program by its absolute path, or by its name in one of the directories; a relative path is nobody's. */
export async function findExecutable(program: string, directories: string): Promise<string | undefined> {
  if (program.includes('/')) return program.startsWith('/') && (await isExecutable(program)) ? program : undefined;
  for (const directory of directories.split(delimiter)) {
    if (!directory.startsWith('/')) continue; // a relative entry would mean whatever lies in the current directory
    const path = join(directory, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false; // not here: the next directory may have it
  }
}

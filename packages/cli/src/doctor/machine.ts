import { constants } from 'node:fs';
import { access, lstat, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import type { HostApi } from '@usher/sdk/api';
import { wordOf } from '../own-host.ts';

/** What the doctor looks at; tests bring a machine of their own. */
export interface Machine {
  readonly nodeVersion: string;
  readonly uid: number | undefined;
  hasProgram(name: string): Promise<boolean>;
  /** A shared library by the name that programs load it by, such as `libudev.so.1`. */
  hasLibrary(name: string): Promise<boolean>;
  hasGStreamerPlugin(name: string): Promise<boolean>;
  hasFile(path: string): Promise<boolean>;
  /** Why a native npm package can't be loaded; undefined where it can. */
  nativeProblem(name: string): Promise<string | undefined>;
  /** Undefined where there is nothing. */
  inspect(path: string): Promise<{ readonly uid: number; readonly mode: number; readonly directory: boolean } | undefined>;
  read(path: string): Promise<string>;
  /** The system's word for why a TCP port can't be opened; undefined where it can. */
  portProblem(port: number): Promise<string | undefined>;
}

export interface Surroundings {
  readonly machine: Machine;
  readonly home: string;
  readonly port: number;
  /** Rejects where no token lies in the state directory. */
  openHost(): Promise<HostApi>;
}

/** Where distributions keep libraries: Debian's multiarch directories, then Fedora's and Arch's. */
const LIBRARY_DIRECTORIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf']
  .flatMap((architecture) => [`/usr/lib/${architecture}`, `/lib/${architecture}`])
  .concat(['/usr/lib64', '/usr/lib', '/lib']);

export function thisMachine(packages: URL, path = process.env['PATH'] ?? '/usr/bin:/bin'): Machine {
  return {
    nodeVersion: process.versions.node,
    uid: process.geteuid?.(),
    hasProgram: (name) =>
      anyOf(
        path.split(delimiter).filter((directory) => directory.startsWith('/')),
        name,
        constants.X_OK,
      ),
    hasLibrary: (name) => anyOf(LIBRARY_DIRECTORIES, name, constants.R_OK),
    hasGStreamerPlugin: (name) => anyOf(LIBRARY_DIRECTORIES, `gstreamer-1.0/libgst${name}.so`, constants.R_OK),
    hasFile: (file) => anyOf(['/'], file, constants.R_OK),
    nativeProblem: (name) => nativeProblem(name, packages),
    inspect,
    read: (file) => readFile(file, 'utf8'),
    portProblem,
  };
}

async function anyOf(directories: readonly string[], name: string, mode: number): Promise<boolean> {
  for (const directory of directories) {
    try {
      await access(join(directory, name), mode);
      return true;
    } catch {
      // not here: the next directory may have it
    }
  }
  return false;
}

/** Loads it in earnest: a package of the wrong architecture is there and still of no use. */
function nativeProblem(name: string, packages: URL): Promise<string | undefined> {
  return Promise.resolve().then(() => {
    try {
      createRequire(new URL('cli/', packages))(name);
      return undefined;
    } catch (error) {
      return wordOf(error);
    }
  });
}

async function inspect(path: string): ReturnType<Machine['inspect']> {
  try {
    const found = await stat(path);
    return { uid: found.uid, mode: found.mode & 0o777, directory: found.isDirectory() };
  } catch (error) {
    if (wordOf(error) === 'ENOENT' && !(await isLink(path))) return undefined;
    throw error;
  }
}

/** A link to nothing is something. */
async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false, // nothing there at all
  );
}

function portProblem(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(wordOf(error)));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(undefined)));
  });
}

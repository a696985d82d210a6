import type { Deed } from './deed.ts';
import type { OpenSession } from './machine-sessions.ts';

/** A deed, in words, and the command that mends it where somebody gets through. */
export interface Attempt {
  readonly way: string;
  readonly deed: Deed;
  /** Undefined where only the kernel could: nothing that root sets lets one account into another's processes. */
  readonly mend?: string;
}

/** What lies open on the machine itself. */
export interface Furniture {
  /** Devices of the seat: who opens them hears the room or types for everybody. */
  readonly devices: readonly { readonly path: string; readonly mode: number; readonly group: string }[];
  /** Files in shared memory, by uid. */
  readonly shared: ReadonlyMap<number, readonly string[]>;
  readonly brokerSocket: boolean;
  readonly brokerState: boolean;
}

const BROKER_SOCKET = '/run/usher-broker/broker.sock';
const BROKER_STATE = '/var/lib/usher-broker';

/** What nobody but its own account may do to a session. `ownCookie` is the cookie file of whoever tries, where that has one. */
export function attemptsAt(session: OpenSession, shared: readonly string[], ownCookie?: string): readonly Attempt[] {
  return [
    ...session.listeners.flatMap((listener) => atListener(session, listener, ownCookie)),
    ...atFiles(session, shared),
    ...atProcess(session.worker, 'the worker'),
    ...(session.program === undefined ? [] : atProcess(session.program.pid, 'a program')),
  ];
}

function atListener(
  session: OpenSession,
  { path, pid }: OpenSession['listeners'][number],
  ownCookie: string | undefined,
): readonly Attempt[] {
  const place = session.isSandboxed && !path.startsWith('@') ? `/proc/${pid}/root${path}` : path;
  if (!isDisplay(path)) {
    const mend = path.startsWith('@') ? `sudo kill ${pid}` : `sudo chmod go-rwx '${path}'`;
    return [{ way: `connect to ${path}`, deed: { kind: 'connect', path: place }, mend }];
  }
  // Whatever has opened it: the session ends with its display, and the next one has another.
  const closes = `sudo kill ${pid}`;
  const without = { way: `see and type on ${path} without a cookie`, deed: { kind: 'look', path: place }, mend: closes } as const;
  if (ownCookie === undefined) return [without];
  const withOwn = {
    way: `see and type on ${path} with its own cookie`,
    deed: { kind: 'look', path: place, cookieFile: ownCookie },
    mend: closes,
  } as const;
  return [without, withOwn];
}

function atFiles({ uid, program, isSandboxed }: OpenSession, shared: readonly string[]): readonly Attempt[] {
  const directory = `/run/user/${uid}`;
  const cookie = program === undefined ? [] : [isSandboxed ? `/proc/${program.pid}/root${program.cookieFile}` : program.cookieFile];
  return [
    { way: `open ${directory}`, deed: { kind: 'list', path: directory }, mend: `sudo chmod 700 ${directory}` },
    ...cookie.map((path) => ({ way: `read the cookie ${path}`, deed: { kind: 'read', path }, mend: `sudo chmod 600 '${path}'` }) as const),
    ...shared.map((path) => ({ way: `read ${path}`, deed: { kind: 'read', path }, mend: `sudo chmod go-rwx '${path}'` }) as const),
  ];
}

/** By its environment, its files, its memory; the last is judged by the kernel as a debugger would be. */
function atProcess(pid: number, what: string): readonly Attempt[] {
  return [
    ...(['environ', 'maps', 'mem'] as const).map(
      (file) => ({ way: `read ${file} of ${what}`, deed: { kind: 'read', path: `/proc/${pid}/${file}` } }) as const,
    ),
    ...(['fd', 'cwd', 'root'] as const).map(
      (place) => ({ way: `look through ${place} of ${what}`, deed: { kind: 'list', path: `/proc/${pid}/${place}/` } }) as const,
    ),
    { way: `signal ${what}`, deed: { kind: 'signal', pid } },
  ];
}

/** What a session's own account can do: where it can't, that others can't says nothing. A sandbox can't be entered from outside even so. */
export function ownAttempts({ uid, program, listeners, isSandboxed }: OpenSession): readonly Attempt[] {
  if (isSandboxed || program === undefined) return [];
  const display = listeners.find(({ path }) => isDisplay(path));
  const socket = listeners.find(({ path }) => path.startsWith(`/run/user/${uid}/`));
  return [
    { way: 'open its own runtime directory', deed: { kind: 'list', path: `/run/user/${uid}` } },
    { way: 'read the environment of its own program', deed: { kind: 'read', path: `/proc/${program.pid}/environ` } },
    ...(display === undefined
      ? []
      : [{ way: 'see its own display', deed: { kind: 'look', path: display.path, cookieFile: program.cookieFile } } as const]),
    ...(socket === undefined ? [] : [{ way: 'connect to its own sockets', deed: { kind: 'connect', path: socket.path } } as const]),
  ];
}

/** What no person's account may reach of the machine; `home` is the host's state directory. */
export function attemptsAtMachine(
  { devices, brokerSocket, brokerState }: Furniture,
  name: string,
  home: string | undefined,
): readonly Attempt[] {
  return [
    ...devices.map(
      (device) => ({ way: `use ${device.path}`, deed: { kind: 'use', path: device.path }, mend: closeDevice(device, name) }) as const,
    ),
    ...(brokerSocket ? [atBroker()] : []),
    ...(brokerState
      ? [
          {
            way: 'read the broker’s accounts',
            deed: { kind: 'read', path: `${BROKER_STATE}/accounts` },
            mend: `sudo chmod 700 ${BROKER_STATE}`,
          } as const,
        ]
      : []),
    ...(home === undefined
      ? []
      : [{ way: 'read the host’s token', deed: { kind: 'read', path: `${home}/token` }, mend: `sudo chmod 700 '${home}'` } as const]),
  ];
}

function atBroker(): Attempt {
  return { way: 'ask the broker', deed: { kind: 'connect', path: BROKER_SOCKET }, mend: 'sudo systemctl restart usher-broker.socket' };
}

function closeDevice({ path, mode, group }: Furniture['devices'][number], name: string): string {
  if ((mode & 0o006) !== 0) return `sudo chmod o-rw '${path}'`;
  return (mode & 0o060) !== 0 ? `sudo gpasswd --delete ${name} ${group}` : `sudo setfacl --remove-all '${path}'`;
}

function isDisplay(path: string): boolean {
  return /\.X11-unix\/X\d+$/.test(path);
}

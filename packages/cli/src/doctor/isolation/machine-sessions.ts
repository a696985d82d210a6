import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** Somebody who has processes on this machine. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A desktop that is open, as far as the caller can see it; root sees everything. */
export interface OpenSession extends Account {
  readonly worker: number;
  /** A program on the desktop, and where it finds display and cookie. */
  readonly program?: { readonly pid: number; readonly display: string; readonly cookieFile: string };
  readonly listeners: readonly Listener[];
  /** It has a file system of its own, as in the sandbox of a service. */
  readonly isSandboxed: boolean;
}

/** A Unix socket that somebody's program listens on; a name beginning with `@` is in no file system. */
interface Listener {
  readonly path: string;
  readonly pid: number;
}

export interface MachineSessions {
  /** One for each account that has a worker. */
  readonly sessions: readonly OpenSession[];
  /** Who runs the host, where one runs, and its state directory, where that can be seen. */
  readonly host?: Account & { readonly home?: string };
}

interface Process extends Account {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
}

/** Processes that are looked at: a machine with more is no family's. */
const PROCESSES_MAX = 20_000;
/** Sockets of one account that are tried. */
const LISTENERS_MAX = 200;
/** The flag of a socket that listens (`__SO_ACCEPTCON`). */
const LISTENS = '00010000';

/** Reads who has a desktop open from `/proc`. What ends meanwhile, or isn't the caller's to see, is left out. */
export async function machineSessions(proc = '/proc'): Promise<MachineSessions> {
  const processes = await allProcesses(proc);
  const workers = processes.filter(({ words }) => runs(words, 'worker/dist/main.js'));
  const ofAccounts = workers.filter((worker, index) => workers.findIndex(({ uid }) => uid === worker.uid) === index);
  const names = await listeningNames(proc);
  const sessions = await Promise.all(ofAccounts.map((worker) => sessionOf(proc, worker, processes, names)));
  const host = processes.find(({ words }) => runs(words, 'host/dist/main.js'));
  if (host === undefined) return { sessions };
  const home = (await environmentOf(proc, host.pid)).get('USHER_HOME');
  return { sessions, host: { uid: host.uid, gid: host.gid, ...(home === undefined ? {} : { home }) } };
}

async function sessionOf(
  proc: string,
  worker: Process,
  processes: readonly Process[],
  names: ReadonlyMap<string, string>,
): Promise<OpenSession> {
  const { uid, gid, pid } = worker;
  const theirs = processes.filter((process) => process.uid === uid);
  const [program, held] = await Promise.all([
    programOf(proc, descendants(processes, pid)),
    Promise.all(theirs.map((process) => listenersOf(proc, process.pid, names))),
  ]);
  const seen = new Map(held.flat().map((listener) => [listener.path, listener]));
  // Whose descriptors can't be seen has its sockets where everybody looks for them.
  if (seen.size === 0) for (const path of names.values()) if (path.startsWith(`/run/user/${uid}/`)) seen.set(path, { path, pid });
  const listeners = [...seen.values()].slice(0, LISTENERS_MAX);
  const isSandboxed = (await linkOf(`${proc}/${pid}/ns/mnt`)) !== (await linkOf(`${proc}/self/ns/mnt`));
  return { uid, gid, worker: pid, ...(program === undefined ? {} : { program }), listeners, isSandboxed };
}

async function allProcesses(proc: string): Promise<readonly Process[]> {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name)).slice(0, PROCESSES_MAX);
  const found = await Promise.all(pids.map((pid) => processOf(proc, Number(pid))));
  return found.filter((process) => process !== undefined).sort((one, other) => one.pid - other.pid);
}

async function processOf(proc: string, pid: number): Promise<Process | undefined> {
  const [status, words] = await Promise.all([textOf(`${proc}/${pid}/status`), textOf(`${proc}/${pid}/cmdline`)]);
  const number = (name: string) => Number(new RegExp(`^${name}:\\t(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
  const [parent, uid, gid] = [number('PPid'), number('Uid'), number('Gid')];
  return Number.isNaN(uid) ? undefined : { pid, parent, uid, gid, words: words.split('\0') };
}

function runs([program = '', ...rest]: readonly string[], script: string): boolean {
  return basename(program) === 'node' && rest.some((word) => word.endsWith(`/${script}`));
}

function descendants(processes: readonly Process[], ancestor: number): readonly number[] {
  const found = new Set([ancestor]);
  // By number, parents come before their children, but where the numbers have begun anew; a second look finds those.
  for (let look = 0; look < 2; look += 1) for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  found.delete(ancestor);
  return [...found];
}

async function programOf(proc: string, pids: readonly number[]): Promise<OpenSession['program']> {
  for (const pid of pids) {
    const environment = await environmentOf(proc, pid);
    const [display, cookieFile] = [environment.get('DISPLAY'), environment.get('XAUTHORITY')];
    if (display !== undefined && cookieFile !== undefined) return { pid, display, cookieFile };
  }
  return undefined;
}

async function environmentOf(proc: string, pid: number): Promise<ReadonlyMap<string, string>> {
  const entries = (await textOf(`${proc}/${pid}/environ`)).split('\0');
  return new Map(entries.map((entry) => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)]));
}

/** Names of listening sockets by their inode. */
async function listeningNames(proc: string): Promise<ReadonlyMap<string, string>> {
  const rows = (await textOf(`${proc}/net/unix`)).split('\n').map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.flatMap(([, , , flags, , , inode = '', path]) => (flags === LISTENS && path !== undefined ? [[inode, path] as const] : [])),
  );
}

async function listenersOf(proc: string, pid: number, names: ReadonlyMap<string, string>): Promise<readonly Listener[]> {
  const descriptors = await readdir(`${proc}/${pid}/fd`).catch(() => []); // not ours to see, or gone
  const targets = await Promise.all(descriptors.map((descriptor) => linkOf(`${proc}/${pid}/fd/${descriptor}`)));
  return targets.flatMap((target) => {
    const path = names.get(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '');
    return path === undefined ? [] : [{ path, pid }];
  });
}

/** Empty where it can't be read: what isn't seen can't be tried. */
function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function linkOf(path: string): Promise<string> {
  return readlink(path).catch(() => '');
}

/**
 * Watches, as root in the container, what there is of some people, until there has been nothing for a while: what was seen last of each kind, and
 * when, by the clock that all processes of a machine share (CLOCK_MONOTONIC). It asks no service, only the kernel's files, so that a look takes
 * milliseconds and whoever has to clean up isn't kept from it.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 10;
/** Nothing for this long is the end: what starts something new does so at once. */
const QUIET_MS = 400;
/** Things of one kind that are told of. */
const THINGS_MAX = 200;
/** Where files of people lie outside of their homes. */
const PLACES = ['/tmp', '/var/tmp', '/run', '/dev/shm'];
/** Control groups of logins and of transient units. */
const GROUPS = '/sys/fs/cgroup';

const uids = process.argv.slice(2, -1).map(Number);
const patienceMs = Number(process.argv.at(-1));
/** What was seen last, by its kind: the time, and in words what it was. */
const seen = new Map<string, { atMs: number; what: readonly string[] }>();
const began = now();

process.stdout.write('watching\n');
look();

function look(): void {
  const at = now();
  for (const [kind, what] of Object.entries(thereIs()))
    if (what.length > 0) seen.set(kind, { atMs: Math.ceil(at), what: what.slice(0, THINGS_MAX) });
  const last = Math.max(began, ...[...seen.values()].map(({ atMs }) => atMs));
  if (at - last > QUIET_MS || at - began > patienceMs) process.stdout.write(`${JSON.stringify(Object.fromEntries(seen))}\n`);
  else setTimeout(look, LOOK_EVERY_MS);
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function thereIs(): Readonly<Record<string, readonly string[]>> {
  return {
    processes: processes(),
    // Beside a session's file there is a pipe, which isn't to be opened.
    sessions: names('/run/systemd/sessions').filter((name) => !name.includes('.') && isOurs(`/run/systemd/sessions/${name}`)),
    groups: uids.flatMap((uid) => [
      ...existing(`${GROUPS}/user.slice/user-${uid}.slice`),
      ...existing(`${GROUPS}/system.slice/usher-session-${uid}.service`),
    ]),
    mounts: text('/proc/self/mountinfo')
      .split('\n')
      .filter((line) => uids.some((uid) => line.includes(` /run/user/${uid}`))),
    sockets: text('/proc/net/unix')
      .split('\n')
      .filter((line) => uids.some((uid) => line.includes(` /run/user/${uid}/`))),
    files: PLACES.flatMap(filesBelow),
    sharedMemory: text('/proc/sysvipc/shm')
      .split('\n')
      .filter((line) => uids.includes(Number(line.trim().split(/\s+/)[7]))),
  };
}

/** One that has ended and only waits to be reaped doesn't count. */
function processes(): readonly string[] {
  return names('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    const status = text(`/proc/${pid}/status`);
    const [, uid] = /^Uid:\t(\d+)/m.exec(status) ?? [];
    if (uid === undefined || !uids.includes(Number(uid)) || /^State:\t[ZX]/m.test(status)) return [];
    return [text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()];
  });
}

function isOurs(session: string): boolean {
  const [, uid] = /^UID=(\d+)$/m.exec(text(session)) ?? [];
  return uid !== undefined && uids.includes(Number(uid));
}

function filesBelow(directory: string): readonly string[] {
  return names(directory).flatMap((name) => {
    const path = `${directory}/${name}`;
    const status = attempt(() => lstatSync(path));
    if (status === undefined) return [];
    if (uids.includes(status.uid)) return [path];
    return status.isDirectory() ? filesBelow(path) : [];
  });
}

function existing(path: string): readonly string[] {
  return attempt(() => lstatSync(path)) === undefined ? [] : [path];
}

function names(directory: string): readonly string[] {
  return attempt(() => readdirSync(directory)) ?? [];
}

function text(path: string): string {
  return attempt(() => readFileSync(path, 'utf8')) ?? '';
}

/** What is looked at may end at this moment. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

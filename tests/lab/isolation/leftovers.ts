import type { Container } from '../container/container.ts';

/** What there is of a person on the machine. */
export interface Leftovers {
  /** Command lines; whatever has ended and only waits to be reaped doesn't count. */
  readonly processes: readonly string[];
  readonly sessions: readonly string[];
  /** Units named after the account, its own service manager among them. */
  readonly units: readonly string[];
  readonly runtimeDirectory: boolean;
  readonly mounts: readonly string[];
  /** Sockets, locks and shared memory outside of the home. */
  readonly files: readonly string[];
}

export const NOTHING_LEFT: Leftovers = { processes: [], sessions: [], units: [], runtimeDirectory: false, mounts: [], files: [] };

export async function leftoversOf(container: Container, uid: number): Promise<Leftovers> {
  const [processes, sessions, units, runtime, mounts, files] = await Promise.all([
    container.run(['ps', '-o', 'state=,args=', '-U', String(uid)]),
    container.run(['loginctl', 'list-sessions', '--no-legend']),
    container.run([
      'systemctl',
      'list-units',
      '--all',
      '--plain',
      '--no-legend',
      `usher-session-${uid}*`,
      `user@${uid}.service`,
      `user-runtime-dir@${uid}*`,
    ]),
    container.run(['test', '-e', `/run/user/${uid}`]),
    container.run(['cat', '/proc/self/mountinfo']),
    container.run(['find', '/tmp', '/run', '/dev/shm', '-user', String(uid)]),
  ]);
  return {
    processes: lines(processes.stdout).flatMap((line) => (line.startsWith('Z') ? [] : [line.slice(2).trim()])),
    sessions: lines(sessions.stdout).filter((line) => line.trim().split(/\s+/)[1] === String(uid)),
    // UNIT LOAD ACTIVE SUB: one that has ended well is only remembered.
    units: lines(units.stdout).flatMap((line) => {
      const [unit = '', , active = ''] = line.split(/\s+/);
      return active === 'inactive' ? [] : [`${unit} ${active}`];
    }),
    runtimeDirectory: runtime.status === 0,
    mounts: lines(mounts.stdout).filter((line) => line.includes(`/run/user/${uid}`)),
    files: lines(files.stdout),
  };
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

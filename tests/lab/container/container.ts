import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { eventually } from '../../harness/eventually.ts';
import { removeDirectory } from '../../harness/temporary-directory.ts';

/** On two slow cores that do other things; two seconds are usual. */
const BOOT_MS = 60_000;
/** Longest time for one command, installations included. */
const COMMAND_MS = 120_000;
/** Output of a command that is kept. */
const OUTPUT_MAX = 4 * 1024 * 1024;
/** The last words of a container that doesn't start. */
const COMPLAINT_MAX = 4096;
/** What a test writes in a container lies in memory. */
const WRITTEN_MAX = '2g';

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program in the container, with pipes. */
export type Inside = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A machine with systemd as its PID 1: logind, PAM and units are real. It lives on a root that stays as it is; what is written goes to memory.
 * Mounts are in a namespace of their own and everything dies with this process, so that nothing is left of a test that was killed.
 */
export class Container implements AsyncDisposable {
  readonly #nspawn: ChildProcess;
  readonly #directory: string;
  readonly #leader: number;

  private constructor(nspawn: ChildProcess, directory: string, leader: number) {
    this.#nspawn = nspawn;
    this.#directory = directory;
    this.#leader = leader;
  }

  static async boot(root: string): Promise<Container> {
    const directory = await mkdtemp(join(tmpdir(), 'usher-container-'));
    const nspawn = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', '--', 'unshare', '--mount', '--propagation', 'private', '--', 'sh', '-c', START, 'sh', root, directory],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        // Also where this machine itself has control groups of the older kind.
        env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
      },
    );
    let complaint = '';
    nspawn.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINT_MAX);
    });
    const ended = new Promise<never>((_, reject) => {
      nspawn.once('error', reject);
      nspawn.once('exit', (status, signal) => reject(new Error(`the container ended with ${signal ?? status}: ${complaint}`)));
    });
    ended.catch(() => undefined); // told only while it boots
    try {
      const leader = await Promise.race([ended, eventually('PID 1 of the container', () => leaderOf(nspawn.pid), BOOT_MS)]);
      const container = new Container(nspawn, directory, leader);
      await Promise.race([ended, eventually('the container has started', () => container.#hasStarted(), BOOT_MS)]);
      return container;
    } catch (error) {
      await end(nspawn, undefined, directory);
      throw error;
    }
  }

  /** Where a file of the container is seen from outside. */
  path(inside: string): string {
    return `/proc/${this.#leader}/root${inside}`;
  }

  /** Runs a program to its end, as root unless `user` is named. Rejects where it takes too long. */
  run(command: readonly string[], options: { readonly user?: string } = {}): Promise<Result> {
    const child = this.start(command, options);
    child.stdin.end();
    return resultOf(child, command);
  }

  /** As `run`; another status than 0 is a failure. Gives back what it printed. */
  async must(command: readonly string[], options: { readonly user?: string } = {}): Promise<string> {
    const { status, stdout, stderr } = await this.run(command, options);
    if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Starts a program. It is the caller's to end; at the latest it ends with the container. */
  start(command: readonly string[], { user }: { readonly user?: string } = {}): Inside {
    const as = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--'];
    return spawn(
      'nsenter',
      [`--target=${this.#leader}`, '--mount', '--uts', '--ipc', '--pid', '--net', '--cgroup', '--wdns=/', '--', ...as, ...command],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#nspawn, this.#leader, this.#directory);
  }

  async #hasStarted(): Promise<true | undefined> {
    const { stdout } = await this.run(['systemctl', 'is-system-running']);
    return /^(running|degraded)$/m.test(stdout) ? true : undefined;
  }
}

/** $1 the root, $2 a directory of ours. The mounts are seen by this process and its children alone. */
const START = `
set -e
mount -t tmpfs -o size=${WRITTEN_MAX},mode=0755 tmpfs "$2"
mkdir "$2/written" "$2/work" "$2/machine"
mount -t overlay -o "lowerdir=$1,upperdir=$2/written,workdir=$2/work" overlay "$2/machine"
exec systemd-nspawn --quiet --register=no --keep-unit --machine="usher-lab-$$" --directory="$2/machine" --boot --console=pipe --private-network systemd.unit=multi-user.target
`;

/** nspawn's child, once it has become systemd. */
async function leaderOf(nspawn: number | undefined): Promise<number | undefined> {
  if (nspawn === undefined) return undefined;
  const children = (await text(`/proc/${nspawn}/task/${nspawn}/children`)).trim().split(' ');
  for (const child of children) {
    if ((await text(`/proc/${child}/comm`)).trim() === 'systemd') return Number(child);
  }
  return undefined;
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => ''); // not there yet, or gone already
}

/** PID 1 of the container takes everything in it along. */
async function end(nspawn: ChildProcess, leader: number | undefined, directory: string): Promise<void> {
  if (nspawn.exitCode === null && nspawn.signalCode === null) {
    const ended = new Promise((resolve) => nspawn.once('exit', resolve));
    if (leader === undefined || !wasKilled(leader)) nspawn.kill('SIGKILL');
    await ended;
  }
  await removeDirectory(directory);
}

function wasKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // it has ended by itself meanwhile
  }
}

function resultOf(child: Inside, command: readonly string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const kept = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        kept[name] = (kept[name] + chunk).slice(-OUTPUT_MAX);
      });
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${command.join(' ')} took longer than ${COMMAND_MS / 1000} s\n${kept.stdout}${kept.stderr}`));
    }, COMMAND_MS);
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? -1, ...kept });
    });
  });
}

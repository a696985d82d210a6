import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { findProgram, type Program } from './find-program.ts';

export interface ChildOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** The descriptor to which the child writes what the worker wants to read. */
  readonly answersOn?: 1 | 3;
  readonly log: Logger;
}

/** A program that lives no longer than the worker. */
export interface Child {
  /** Its full path. */
  readonly program: string;
  readonly pid: number;
  /** What it writes to `answersOn`. */
  readonly answer: Readable | undefined;
  /** Resolves when it has ended, for whatever reason, with words for an error or a log. */
  readonly ended: Promise<string>;
  /** Asks it to end, insists after a grace time, and resolves once it is gone. */
  end(): Promise<void>;
}

/** Time between SIGTERM and SIGKILL; ending everything may take 2 s in all. */
const GRACE_MS = 400;
/** Characters of a child's complaint that are kept: its first line or two name the cause. */
const COMPLAINT_MAX = 400;

/** Starts one of the worker's own programs. */
export async function startChild(program: Program, args: readonly string[], options: ChildOptions): Promise<Child> {
  return startProgram(await findProgram(program), args, options);
}

/** Starts a program under `setpriv --pdeathsig`, so that the kernel asks it to end even when the worker is killed. */
export async function startProgram(program: string, args: readonly string[], options: ChildOptions): Promise<Child> {
  const guard = await findProgram('setpriv');
  const child = spawn(guard, ['--pdeathsig', 'TERM', '--', program, ...args], {
    env: options.environment,
    stdio: ['ignore', options.answersOn === 1 ? 'pipe' : 'ignore', 'pipe', options.answersOn === 3 ? 'pipe' : 'ignore'],
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    // Everything is read, so that the child never blocks on a full pipe; only the beginning is kept.
    if (complaint.length < COMPLAINT_MAX) complaint = (complaint + text).slice(0, COMPLAINT_MAX);
  });
  // 'exit', not 'close': what the child itself has started may hold the pipe open for long.
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      const how = signal ?? `exit status ${code}`;
      resolve(complaint === '' ? how : `${how}: ${complaint.trim().replaceAll(/\s+/g, ' ')}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new TypeError('a spawned child has a process id');
  void ended.then((how) => options.log.debug({ program, pid, how }, 'a child ended'));
  const answer = options.answersOn === undefined ? undefined : child.stdio[options.answersOn];
  return {
    program,
    pid,
    answer: answer instanceof Readable ? answer : undefined,
    ended,
    end: async () => {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}

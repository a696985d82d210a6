import { type ChildProcess, spawn } from 'node:child_process';

/** A program of the system that looks something up takes some milliseconds; one that hangs must not hold a request for ever. */
const TIMEOUT_MS = 5000;
/** Longest answer that is read: a group's line names its members, some 30 bytes each. */
const OUTPUT_MAX = 64 * 1024;

export interface Answer {
  /** Undefined where a signal ended it, where it couldn't be started, took too long or said too much. */
  readonly status: number | undefined;
  readonly text: string;
}

/** Runs a program without a shell and without our environment, and reads what it says. Never rejects. */
export function run(program: string, args: readonly string[]): Promise<Answer> {
  return answerOf(spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, cwd: '/' }));
}

/** The answer of a child that was just started with a pipe for its output. */
export function answerOf(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve) => {
    let text = '';
    let failed = false;
    const giveUp = () => {
      failed = true;
      child.kill('SIGKILL');
      child.stdout?.destroy(); // what the program has started may hold it open for longer
    };
    const timer = setTimeout(giveUp, TIMEOUT_MS);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > OUTPUT_MAX) giveUp();
    });
    child.once('error', () => {
      clearTimeout(timer);
      resolve({ status: undefined, text: '' });
    });
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ status: failed || status === null ? undefined : status, text });
    });
  });
}

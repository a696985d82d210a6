import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a program in this one's place: same streams, same signals, same exit code. */
export async function runInPlace(entry: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: 'inherit' });
  using _forwarding = forwardSignals(child);
  return await exitOf(child);
}

/** Passes Ctrl-C and the like on, so that this process ends after its child and not before. */
export function forwardSignals(child: ChildProcess): Disposable {
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  return {
    [Symbol.dispose]: () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    },
  };
}

/** The child's exit code; 128 and the signal's number where a signal ended it, as shells say it. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

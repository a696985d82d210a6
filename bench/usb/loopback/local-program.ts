import { type ChildProcess, spawn } from 'node:child_process';
import { BenchProgram } from '../bench-program.ts';

/** A program of the bench on this machine, which sees the bus that its environment names. */
export function localProgram(path: string, environment: Readonly<Record<string, string>>): Promise<BenchProgram> {
  const child = spawn(process.execPath, [...process.execArgv, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  return BenchProgram.ready({
    write: (bytes) => void child.stdin.write(bytes),
    endInput: () => void child.stdin.end(),
    on: (_event, listener) => child.stdout.on('data', listener),
    ended: endOf(child),
    complaints: '',
  });
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

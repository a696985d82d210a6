import { type ChildProcess, spawn } from 'node:child_process';

/** The other lives of this program that the agent itself starts. */
export type OwnMode = 'guard' | 'device';

/**
 * Starts this program in another mode, as this process was started. `entry` is its file, where this process runs another (a test's). What it says on
 * stderr goes where this process's goes; it doesn't keep this process alive.
 */
export function startOwn(
  mode: OwnMode,
  {
    isDetached,
    output,
    entry = process.argv[1] ?? '',
  }: { readonly isDetached: boolean; readonly output: 'pipe' | 'ignore'; readonly entry?: string },
): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, entry, mode], { detached: isDetached, stdio: ['pipe', output, 'inherit'] });
  child.stdin?.on('error', () => undefined); // its end is told by 'exit'
  child.on('error', () => undefined); // one that couldn't be started has its exit code, which whoever uses it looks at
  child.unref();
  return child;
}

import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { CodedError } from '@usher/protocol';
import { errorWord } from './state-directory.ts';

/**
 * Makes sure that one host serves a state directory: two writers would lose each other's devices. The lock is an abstract Unix
 * socket named after the directory's inode, so the kernel grants it to one process and lets go when that process ends, however
 * it ends; there is no stale lock file to judge. It reaches as far as a network namespace: two containers that share a
 * volume are not kept apart.
 */
export async function lockStateDirectory(path: string): Promise<AsyncDisposable> {
  const { dev, ino } = await stat(path);
  const server = createServer((connection) => connection.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const taken = errorWord(cause) === 'EADDRINUSE';
      reject(
        taken
          ? new CodedError('host.already-running', `another host already serves ${path}; stop it, or choose another directory with --home`)
          : cause,
      );
    });
    server.listen(`\0usher-host-${dev}-${ino}`, resolve);
  });
  server.unref();
  return { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

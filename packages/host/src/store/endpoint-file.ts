import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import { replaceFile } from './atomic-file.ts';
import { errorWord } from './state-directory.ts';

/**
 * `endpoint.json`, as long as a host listens: `{version: 1, url, pid}`, so that commands on this machine find its port. Whoever reads it checks
 * that the process is there; what answers at the address must show the host's certificate all the same.
 */
export async function publishEndpoint(home: string, url: string, log: Logger): Promise<AsyncDisposable> {
  const path = join(home, 'endpoint.json');
  const text = `${JSON.stringify({ version: 1, url, pid: process.pid })}\n`;
  await replaceFile(path, text).catch((error: unknown) => {
    log.warn(
      { problem: errorWord(error) },
      'endpoint.json can’t be written; commands on this machine need --url where the port isn’t the usual one',
    );
  });
  return {
    [Symbol.asyncDispose]: async () => {
      // Not one that somebody else has put there meanwhile.
      const present = await readFile(path, 'utf8').catch(() => undefined); // it was never written
      if (present === text) await rm(path, { force: true });
    },
  };
}

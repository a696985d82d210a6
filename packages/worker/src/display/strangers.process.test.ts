import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import { type Child, startChild } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import { writeCookie } from './cookie.ts';
import { expectRefusal } from './strangers.ts';

const log = pino({ level: 'silent' });
let directory: string;
let server: Child | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-x-'));
});
afterEach(async () => {
  await server?.end();
  await removeDirectory(directory);
});

/** Starts Xvfb, and tells its display once it listens. It writes the number and the end of its line one after the other, and dies where nobody reads the second. */
async function display(...access: readonly string[]): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '320x200x24', '-nolisten', 'tcp', '-noreset', ...access];
  server = await startChild('Xvfb', args, { environment: childEnvironment({}), answersOn: 3, log });
  let answer = '';
  for await (const chunk of server.answer ?? []) {
    answer += String(chunk);
    if (answer.endsWith('\n')) return `:${answer.trim()}`;
  }
  throw new Error(`Xvfb did not start: ${await server.ended}`);
}

describe('a display', () => {
  it('P6.3: with a cookie turns strangers away', async () => {
    const cookieFile = join(directory, 'xauthority');
    await writeCookie(cookieFile);
    await expect(expectRefusal(await display('-auth', cookieFile))).resolves.toBeUndefined();
  });

  it('P6.3: whose cookie file can’t be read lets everybody in, and isn’t used', async () => {
    const name = await display('-auth', join(directory, 'missing'));
    await expect(expectRefusal(name)).rejects.toMatchObject({ code: 'worker.no-display' });
  });

  it('P6.3: that isn’t there isn’t used', async () => {
    await expect(expectRefusal(':65000')).rejects.toMatchObject({ code: 'worker.no-display' });
  });
});

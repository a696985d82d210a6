import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';
import { askForPeer } from './peer.ts';
import { run } from './run.ts';

describe('a program of the system', () => {
  it('P6.2: gets no environment of ours, and tells by status and text', async () => {
    expect(await run('/bin/sh', ['-c', 'echo "$LC_ALL $HOME"; exit 3'])).toEqual({ status: 3, text: 'C \n' });
  });

  it.each([
    ['that was killed', '/bin/sh', ['-c', 'kill -KILL $$']],
    ['that isn’t there', '/nonexistent', []],
    ['that says more than anybody reads', '/bin/sh', ['-c', 'yes & exec yes']],
  ])('P6.2: has no status %s', async (_what, program, args) => {
    expect((await run(program, args)).status).toBeUndefined();
  });
});

describe('who is at the other end of a connection', () => {
  it('B9: is what the kernel says: this process', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
    const server = createServer({ pauseOnConnect: true }).listen(join(directory, 'socket'));
    await once(server, 'listening');
    const accepted: Promise<unknown[]> = once(server, 'connection');
    const caller = connect(join(directory, 'socket'));
    const [first] = await accepted;
    const connection = first as Socket; // what a server accepts
    try {
      expect(await askForPeer(connection)).toEqual({ pid: process.pid, uid: process.getuid?.() });
    } finally {
      caller.destroy();
      connection.destroy();
      await new Promise((resolve) => server.close(resolve));
      removeDirectorySync(directory);
    }
  });
});

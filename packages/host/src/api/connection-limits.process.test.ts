import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask, bounded } from '../../testing/host-process.ts';
import { testApi, testCertificate } from '../../testing/test-api.ts';
import type { Api } from './parts.ts';

let api: Api;
let port: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  api = await testApi();
  port = Number(new URL(await api.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await api.close();
});

/** A TCP connection that says nothing; resolves once the server has it. */
async function open(): Promise<Socket> {
  const accepted = once(api.server, 'connection');
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await bounded(accepted, 20_000, 'the server to accept');
  return socket;
}

it('P8.1: one address does not take every connection, and gets new ones when it lets go', async () => {
  for (let count = 0; count < 128; count += 1) await open();
  const excess = await open();
  await bounded(once(excess, 'close'), 20_000, 'the excess connection to be closed');
  expect(sockets.filter((socket) => socket.destroyed)).toEqual([excess]);

  const [first] = sockets;
  const released = once(api.server, 'tlsClientError'); // the server noticed that the silent one is gone
  first?.destroy();
  await bounded(released, 20_000, 'the server to let go');
  const { certificate } = await testCertificate();
  expect((await ask(`https://127.0.0.1:${port}/healthz`, certificate)).status).toBe(200);
});

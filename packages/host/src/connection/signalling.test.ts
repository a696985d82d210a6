import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { decodeHostSignal, type HostSignal, MAX_SIGNAL_MESSAGE } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FAKE_HOST, FakePeerFactory, fakeOffer } from '../../testing/fake-peer.ts';
import { device, Story } from '../../testing/story.ts';
import { systemClock } from '../clock.ts';
import { UNPROVED_PER_ADDRESS_MAX, WAITING_PER_ADDRESS_MAX } from './admission.ts';
import { createSignalling, type SignallingService } from './signalling.ts';

const LAPTOP = device(1);

let server: Server;
let signalling: SignallingService;
let story: Story;
const sockets: TestSocket[] = [];

/** A WebSocket of a viewer, over real loopback. */
class TestSocket {
  readonly socket: WebSocket;
  readonly closed: Promise<unknown>;
  readonly #received: HostSignal[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(port: number) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/signal`);
    this.closed = once(this.socket, 'close');
    this.socket.on('message', (data: Buffer) => {
      this.#received.push(decodeHostSignal(data.toString()));
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  async next(): Promise<HostSignal> {
    for (;;) {
      const signal = this.#received.shift();
      if (signal !== undefined) return signal;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

function open(): TestSocket {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('the server has no port');
  const socket = new TestSocket(address.port);
  sockets.push(socket);
  return socket;
}

beforeEach(async () => {
  story = new Story();
  signalling = createSignalling({ ...story.services, clock: systemClock, peers: new FakePeerFactory() });
  server = createServer().on('upgrade', (request, socket, head) => signalling.accept(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  await signalling.stop();
  await Promise.all(sockets.splice(0).map((socket) => socket.closed));
  server.close();
});

describe('signalling', () => {
  it('design §3: greets every viewer, and answers its offer', async () => {
    const viewer = open();
    expect(await viewer.next()).toMatchObject({ type: 'hello', version: 1, fingerprint: FAKE_HOST });
    viewer.socket.send(JSON.stringify({ type: 'offer', peer: 'session', sdp: fakeOffer(LAPTOP) }));
    expect(await viewer.next()).toMatchObject({ type: 'answer', peer: 'session' });
  });

  it.each([
    ['noise', 'hello?', 'message.malformed'],
    ['a binary message', Buffer.from(JSON.stringify({ type: 'candidate', peer: 'bulk', candidate: '', mid: '0' })), 'message.malformed'],
    ['a message above 64 KiB', 'x'.repeat(MAX_SIGNAL_MESSAGE + 1), 'frame.oversized'],
  ] as const)('issue 2: refuses %s with its code, and closes', async (_case, message, code) => {
    const viewer = open();
    await viewer.next();
    viewer.socket.send(message);
    expect(await viewer.next()).toMatchObject({ type: 'refused', code });
    await viewer.closed;
  });

  it('S2: cuts the line of one that sends far more', async () => {
    const viewer = open();
    await viewer.next();
    viewer.socket.send('x'.repeat(5 * MAX_SIGNAL_MESSAGE));
    await viewer.closed;
  });

  it('S10: takes four strangers of one address at a time, and the next when one has gone', async () => {
    const strangers = [open(), open(), open(), open()];
    for (const stranger of strangers) expect((await stranger.next()).type).toBe('hello');
    const [fifth, sixth] = [open(), open()];
    await Promise.all([once(fifth.socket, 'open'), once(sixth.socket, 'open')]);
    sixth.socket.close();
    await sixth.closed;

    strangers[0]?.socket.send('noise');
    expect((await fifth.next()).type).toBe('hello');
    strangers[1]?.socket.send('noise');
    expect((await open().next()).type).toBe('hello');
  });

  it('S10: refuses whoever can’t even wait', async () => {
    // By a clock that stands still, nobody has waited for too long when the last one comes.
    signalling = createSignalling({ ...story.services, peers: new FakePeerFactory() });
    for (let number = 0; number < UNPROVED_PER_ADDRESS_MAX + WAITING_PER_ADDRESS_MAX; number += 1) await once(open().socket, 'open');
    const late = open();
    expect(await late.next()).toMatchObject({ type: 'refused', code: 'session.limit' });
    await late.closed;
  });

  it('design §6: tells everyone when the host stops, and takes nobody afterwards', async () => {
    const viewer = open();
    await viewer.next();
    const others = [open(), open(), open()];
    for (const other of others) await other.next();
    const waiting = open();
    await once(waiting.socket, 'open');
    await signalling.stop();
    for (const everybody of [viewer, ...others, waiting]) {
      expect(await everybody.next()).toMatchObject({ type: 'refused', code: 'session.host-stopping' });
      await everybody.closed;
    }
    expect(await open().next()).toMatchObject({ type: 'refused', code: 'session.host-stopping' });
  });
});

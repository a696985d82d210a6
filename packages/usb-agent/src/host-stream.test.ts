import { PassThrough, Readable } from 'node:stream';
import { concat, decodeFromAgent, EnvelopeDecoder, encodeToAgent, envelope, type ToAgent } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { HostStream, readHost } from './host-stream.ts';

const DETACH: ToAgent = { type: 'detach', link: 7 };
const REQUEST: ToAgent = { type: 'request', id: 1, method: 'devices', params: {} };

async function read(...chunks: Uint8Array[]): Promise<readonly ToAgent[]> {
  const messages: ToAgent[] = [];
  await readHost(Readable.from(chunks), (message) => messages.push(message));
  return messages;
}

describe('the agent’s end of its link', () => {
  it('A1: messages come in whole, however the stream is cut', async () => {
    const bytes = concat([DETACH, REQUEST].map((message) => envelope(encodeToAgent(message))));
    expect(await read(bytes)).toEqual([DETACH, REQUEST]);
    expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([DETACH, REQUEST]);
  });

  it.each([
    ['ends inside a message', [envelope(encodeToAgent(DETACH)).subarray(0, 6)], 'frame.truncated'],
    ['announces more than a message may have', [Uint8Array.of(0x7f, 0xff, 0xff, 0xff)], 'frame.oversized'],
    ['says something unknown', [envelope(Uint8Array.of(0x7f, 0, 0, 0, 0))], 'frame.unknown-op'],
  ])('A1, A2: a stream that %s is given up by code', async (_name, chunks, code) => {
    await expect(read(...chunks)).rejects.toMatchObject({ code });
  });

  it('A4: a message is sent once the host has room for it', async () => {
    const pipe = new PassThrough({ highWaterMark: 64 });
    const host = new HostStream(pipe);
    await host.send({ type: 'ready', backend: 'sim' });
    const states: string[] = [];
    const sending = Array.from({ length: 20 }, (_, index) =>
      host.send({ type: 'frame', link: index, frame: new Uint8Array(64) }).then(() => states.push('sent')),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(states).toEqual([]);
    const received: Uint8Array[] = [];
    const decoder = new EnvelopeDecoder(1024);
    pipe.on('data', (chunk: Uint8Array) => received.push(...decoder.push(chunk)));
    await Promise.all(sending);
    expect(received.map((message) => decodeFromAgent(message).type)).toEqual(['ready', ...new Array<string>(20).fill('frame')]);
    expect([pipe.listenerCount('drain'), pipe.listenerCount('close')]).toEqual([0, 0]);
  });

  it('A4: a host that is gone takes nothing, and keeps nobody waiting', async () => {
    const pipe = new PassThrough({ highWaterMark: 1 });
    const host = new HostStream(pipe);
    const waiting = host.send({ type: 'ready', backend: 'sim' });
    pipe.destroy(new Error('EPIPE'));
    await waiting;
    await host.send({ type: 'ready', backend: 'sim' });
  });
});

import { Duplex } from 'node:stream';
import { CodedError, decodeWorkerMessage, EnvelopeDecoder, MAX_RELAY_MESSAGE, VideoCodec, type WorkerMessage } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { settle } from '../../testing/fake-clock.ts';
import { HARD_BOUND, MEDIA_BOUND, Outbox } from './outbox.ts';

const video = (bytes: number): WorkerMessage => ({
  type: 'video',
  codec: VideoCodec.H264,
  key: false,
  width: 2,
  height: 2,
  changedUs: 1n,
  capturedUs: 2n,
  data: new Uint8Array(bytes).fill(7),
});
const cursor = (hotX: number): WorkerMessage => ({
  type: 'cursor',
  cursor: { width: 1, height: 1, hotX, hotY: 0, rgba: new Uint8Array(4) },
});
const complaint: WorkerMessage = { type: 'failed', code: 'internal', message: 'x'.repeat(1000) };
const resized: WorkerMessage = { type: 'resized', accepted: true, mode: { width: 2, height: 2, refreshHz: 60 } };

/** A pipe whose reader reads only when told to, and understands what it reads. */
class Pipe extends Duplex {
  readonly received: WorkerMessage[] = [];
  readonly #decoder = new EnvelopeDecoder(MAX_RELAY_MESSAGE);
  #reading = true;
  #waiting: (() => void) | undefined;

  set reading(reading: boolean) {
    this.#reading = reading;
    if (reading) this.#waiting?.();
  }

  override _writev(chunks: { readonly chunk: Uint8Array }[], done: () => void): void {
    const take = () => {
      this.#waiting = undefined;
      for (const { chunk } of chunks) for (const bytes of this.#decoder.push(chunk)) this.received.push(decodeWorkerMessage(bytes));
      done();
    };
    if (this.#reading) take();
    else this.#waiting = take;
  }
}

function setUp() {
  const pipe = new Pipe();
  const events: string[] = [];
  const outbox = new Outbox(pipe, { blocked: () => events.push('blocked'), drained: () => events.push('drained') });
  return { pipe, events, outbox };
}

describe('writing to the host', () => {
  it('P7.1: a message arrives as it was, its data uncopied in one vectored write', async () => {
    const { pipe, outbox } = setUp();
    expect(outbox.send(video(1000))).toBe(true);
    outbox.send(resized);
    await settle();
    expect(pipe.received).toEqual([video(1000), resized]);
  });

  it('P7.1: one message larger than the bound still goes out when nothing waits', async () => {
    const { pipe, outbox } = setUp();
    expect(outbox.send(video(MEDIA_BOUND + 1))).toBe(true);
    await settle();
    expect(pipe.received).toHaveLength(1);
  });

  it('P7.1: a host that stops reading loses pictures, never memory, and is told when it may have them again', async () => {
    const { pipe, events, outbox } = setUp();
    pipe.reading = false;
    const sent = Array.from({ length: 100 }, () => outbox.send(video(100_000))).filter(Boolean).length;
    expect(sent).toBeLessThanOrEqual(MEDIA_BOUND / 100_000 + 1);
    expect(pipe.writableLength).toBeLessThan(MEDIA_BOUND + 1000);
    expect(events).toEqual(['blocked']);

    pipe.reading = true;
    await settle();
    expect(events).toEqual(['blocked', 'drained']);
    expect(outbox.send(video(10))).toBe(true);
    await settle();
    expect(pipe.received).toHaveLength(sent + 1);
  });

  it('P7.1: of the shapes of the pointer, only the last one waits', async () => {
    const { pipe, outbox } = setUp();
    pipe.reading = false;
    while (outbox.send(video(100_000)));
    for (let hotX = 0; hotX < 100; hotX += 1) outbox.send(cursor(hotX));
    pipe.reading = true;
    await settle();
    expect(pipe.received.filter((message) => message.type === 'cursor')).toEqual([cursor(99)]);
  });

  it('P7.1: a host that never reads again is given up', () => {
    const { pipe, outbox } = setUp();
    pipe.reading = false;
    const flood = () => {
      for (let bytes = 0; bytes < HARD_BOUND * 2; bytes += 1000) outbox.send(complaint);
    };
    expect(flood).toThrow(CodedError);
    expect(pipe.writableLength).toBeLessThan(HARD_BOUND + 2000);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, text, u16, u32, u64 } from '../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../testing/codec-properties.ts';
import { describeVectors } from '../testing/vector-suite.ts';
import { ERRORS, isErrorCode } from './errors.ts';
import { InputKind } from './input.ts';
import {
  decodeHostMessage,
  decodeWorkerMessage,
  encodeHostMessage,
  encodeWorkerMessage,
  type HostMessage,
  VideoCodec,
  type WorkerMessage,
} from './relay.ts';

const toWorker = { encode: encodeHostMessage, decode: decodeHostMessage };
const toHost = { encode: encodeWorkerMessage, decode: decodeWorkerMessage };

const side = fc.integer({ min: 1, max: 16_384 });
const mode = fc.record({ width: side, height: side, refreshHz: fc.integer({ min: 1, max: 1000 }) });
const codec = fc.constantFrom(...Object.values(VideoCodec));
const code = fc.constantFrom(...Object.keys(ERRORS).filter(isErrorCode));
const key = fc.record({ kind: fc.constant(InputKind.KeyDown), code: u32, x: fc.constant(0), y: fc.constant(0), flags: u32 });

const hostMessages: fc.Arbitrary<HostMessage> = fc.oneof(
  fc.record({
    type: fc.constant('start' as const),
    mode,
    display: fc.oneof(fc.constant({ kind: 'virtual' as const }), fc.record({ kind: fc.constant('existing' as const), name: text(64) })),
    audio: fc.boolean(),
  }),
  fc.record({ type: fc.constantFrom('start-stream' as const, 'bitrate' as const), codec, kbps: u32 }),
  fc.record({ type: fc.constantFrom('stop-stream' as const, 'keyframe' as const), codec }),
  fc.record({ type: fc.constant('resize' as const), mode }),
  fc.record({ type: fc.constant('input' as const), viewer: u16, events: fc.array(key, { maxLength: 64 }) }),
  fc.record({ type: fc.constant('viewer-gone' as const), viewer: u16 }),
  fc.record({
    type: fc.constant('launch' as const),
    title: text(128),
    command: fc.tuple(fc.string({ minLength: 1 }), fc.array(text(200), { maxLength: 63 })).map(([program, rest]) => [program, ...rest]),
  }),
);

const workerMessages: fc.Arbitrary<WorkerMessage> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), account: text(64), lacks: fc.array(text(200), { maxLength: 8 }) }),
  fc.record(
    { type: fc.constant('ready' as const), mode, display: text(64), audio: fc.boolean(), audioProblem: text(1024) },
    { requiredKeys: ['type', 'mode', 'display', 'audio'] },
  ),
  fc.record({
    type: fc.constant('video' as const),
    codec,
    key: fc.boolean(),
    width: u16,
    height: u16,
    changedUs: u64,
    capturedUs: u64,
    data: bytes(200),
  }),
  fc.record({ type: fc.constant('audio' as const), timestamp: u32, data: bytes(200) }),
  fc.record({
    type: fc.constant('cursor' as const),
    cursor: fc.record({ width: fc.constant(3), height: fc.constant(2), hotX: u16, hotY: u16, rgba: bytes(24, 24) }),
  }),
  fc.record({ type: fc.constant('resized' as const), accepted: fc.boolean(), mode }),
  fc.record({ type: fc.constant('launched' as const), title: text(128), problem: text(1024) }, { requiredKeys: ['type', 'title'] }),
  fc.record({ type: fc.constant('failed' as const), code, message: text(1024) }),
);

describeVectors('relay', { HostMessage: toWorker, WorkerMessage: toHost });

describe('relay messages', () => {
  it('W1: each reads back whatever it writes, in both directions', () => {
    assertRoundTrip(hostMessages, toWorker);
    assertRoundTrip(workerMessages, toHost);
  });

  it('V6: noise and damage fail by code only, in both directions', () => {
    assertFailsByCode(hostMessages, toWorker);
    assertFailsByCode(workerMessages, toHost);
  });

  it('W7: the sender cuts a long explanation, so that its message stays readable', () => {
    const complaint = 'x'.repeat(5000);
    expect(decodeWorkerMessage(encodeWorkerMessage({ type: 'failed', code: 'internal', message: complaint }))).toMatchObject({
      message: 'x'.repeat(1024),
    });
    const ready = {
      type: 'ready',
      mode: { width: 1, height: 1, refreshHz: 1 },
      display: ':1',
      audio: false,
      audioProblem: complaint,
    } as const;
    expect(decodeWorkerMessage(encodeWorkerMessage(ready))).toMatchObject({ audioProblem: 'x'.repeat(1024) });
  });

  it('W4: refuses to write a cursor whose picture is not of its size', () => {
    const cursor = { width: 2, height: 2, hotX: 0, hotY: 0, rgba: new Uint8Array(4) };
    expect(() => encodeWorkerMessage({ type: 'cursor', cursor })).toThrow(RangeError);
  });
});

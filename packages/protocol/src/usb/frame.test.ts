import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, u8, u16 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import { codeOf } from '../../testing/vector-suite.ts';
import { decodeFrame, encodeFrame, MAX_PAYLOAD, Op } from './frame.ts';

const frames = fc.record({ op: fc.constantFrom(...Object.values(Op)), flags: u8, claim: u16, payload: bytes(64) });

describe('usb frame', () => {
  it.each([
    ['shorter than its header', [0x01, 0, 0], 'frame.truncated'],
    ['of an op that nobody defined', [0x0f, 0, 0, 0], 'frame.unknown-op'],
    ['of op 0', [0x00, 0, 0, 0], 'frame.unknown-op'],
    ['with more than 16 KiB of payload', [0x05, ...new Array<number>(3 + MAX_PAYLOAD + 1).fill(0)], 'frame.oversized'],
  ])('U1.1: a frame %s is refused', (_name, frame, code) => {
    expect(codeOf(() => decodeFrame(Uint8Array.from(frame)))).toBe(code);
  });

  it('U1.1: a frame with a full payload is read', () => {
    const payload = new Uint8Array(MAX_PAYLOAD).fill(7);
    expect(decodeFrame(encodeFrame({ op: Op.Bulk, flags: 1, claim: 0xfffe, payload })).payload).toEqual(payload);
  });

  it('U1.1: a payload of ours that is too long is a bug of ours', () => {
    const payload = new Uint8Array(MAX_PAYLOAD + 1);
    expect(() => encodeFrame({ op: Op.Bulk, flags: 0, claim: 1, payload })).toThrow(RangeError);
  });

  it('U1.1: what is written is read back, and no bytes fail but by a code', () => {
    assertRoundTrip(frames, { encode: encodeFrame, decode: decodeFrame });
    assertFailsByCode(frames, { encode: encodeFrame, decode: decodeFrame });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payload } from './rtp-stream.ts';
import { vp8Payloads } from './vp8-payload.ts';

const wire = ({ header, body }: Payload) => Buffer.from([...header, ...body]).toString('hex');

describe('VP8 in RTP', () => {
  it('RFC 7741 §4.2: every packet has the picture id, only the first one the start bit', () => {
    expect(vp8Payloads(Uint8Array.of(1, 2, 3, 4, 5), 0x1234, 7).map(wire)).toEqual(['90809234010203', '808092340405']);
  });

  it('sends nothing of an empty frame', () => {
    expect(vp8Payloads(new Uint8Array(0), 1, 100)).toEqual([]);
  });

  it('carries the frame whole, in payloads that fit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 5, max: 60 }), (frame, maxPayload) => {
        const payloads = vp8Payloads(frame, 0x7fff, maxPayload);
        expect(payloads.every(({ header, body }) => body.length > 0 && header.length + body.length <= maxPayload)).toBe(true);
        expect(Buffer.concat(payloads.map(({ body }) => body))).toEqual(Buffer.from(frame));
      }),
    );
  });
});

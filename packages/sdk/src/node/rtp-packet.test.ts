import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rtpPacket } from '../../testing/rtp.ts';
import { readRtp } from './rtp-packet.ts';
import { SequenceCounter } from './sequence-counter.ts';

const payload = Uint8Array.of(1, 2, 3);

describe('RTP packets', () => {
  it.each([
    ['plain', {}],
    ['with a header extension', { extension: 2 }],
    ['with padding', { padding: 4 }],
    ['with both', { extension: 1, padding: 2 }],
  ])('RFC 3550 §5.1: %s', (_what, overrides) => {
    const packet = readRtp(rtpPacket({ sequence: 65_535, timestamp: 0xffff_ffff, marker: true, payload, ...overrides }));
    expect(packet).toEqual({ payloadType: 102, sequence: 65_535, timestamp: 0xffff_ffff, marker: true, payload });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['less than a header', new Uint8Array(11).fill(0x80)],
    ['another version', new Uint8Array(12)],
    ['RTCP', Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24))],
    ['contributing sources that run off the end', Uint8Array.of(0x8f, 102, ...new Uint8Array(10))],
    ['an extension that runs off the end', Uint8Array.of(0x90, 102, ...new Uint8Array(12), 0, 9)],
    ['padding that is longer than the packet', Uint8Array.of(0xa0, 102, ...new Uint8Array(10), 200)],
  ])('RFC 3550 §5.1: %s is none', (_what, bytes) => expect(readRtp(bytes)).toBeUndefined());

  it('RFC 3550 §5.1: no noise makes it throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void readRtp(bytes)));
  });
});

describe('sequence numbers', () => {
  it.each([
    ['in order', [1, 2, 3], 3, 0],
    ['over the end', [65_534, 65_535, 0, 1], 4, 0],
    ['with a gap', [1, 2, 5], 3, 2],
    ['with a gap over the end', [65_535, 2], 2, 2],
    ['overtaken', [1, 3, 2, 4], 4, 0],
    ['twice', [1, 1, 2], 2, 0],
    ['started anew', [10, 40_000, 40_001], 3, 0],
  ])('RFC 3550 §A.1: %s', (_what, sequences, received, lost) => {
    const counter = new SequenceCounter();
    for (const sequence of sequences) counter.push(sequence);
    expect(counter).toMatchObject({ received, lost });
  });
});

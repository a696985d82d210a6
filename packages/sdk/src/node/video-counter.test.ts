import { fromHex } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rtpPacket } from '../../testing/rtp.ts';
import { AudioCounter } from './audio-counter.ts';
import { inspectH264, sizeOfSps } from './h264-inspector.ts';
import { VideoCounter } from './video-counter.ts';
import { inspectVp8 } from './vp8-inspector.ts';

/** Parameter sets and frames that x264enc and vp8enc wrote. */
const SPS = {
  '1280×720': '6742c01fda014016ec05a808080a000003000200000300791e306540',
  '802×602': '6742c01fda03304de224c05a808080a0000003002000000791e30654',
  '320×200': '6742c015da0506fe5c05a830303528000003000800000301e478b175',
} as const;
const VP8_KEY = '90b0fa019d012a0005d00200c70885858885';

const sps = fromHex(SPS['1280×720']);
const pps = fromHex('68ce3c80');
const idr = Uint8Array.of(0x65, 1, 2, 3);
const slice = Uint8Array.of(0x41, 1, 2, 3);
const fragment = (type: number, start: boolean, end: boolean) => Uint8Array.of(0x7c, type | (start ? 0x80 : 0) | (end ? 0x40 : 0), 9, 9);
const stapA = (...units: readonly Uint8Array[]) =>
  Uint8Array.from([0x78, ...units.flatMap((unit) => [unit.length >> 8, unit.length & 0xff, ...unit])]);

describe('what a payload tells', () => {
  it.each(Object.entries(SPS))('RFC 6184: a parameter set says %s', (size, hex) => {
    const [width, height] = size.split('×').map(Number);
    expect(sizeOfSps(fromHex(hex))).toEqual({ width, height });
  });

  it.each([
    ['a key slice', idr, { key: true }],
    ['another slice', slice, { key: false }],
    ['a fragment of a key slice', fragment(5, true, false), { key: true }],
    ['a fragment of another', fragment(1, false, true), { key: false }],
    ['parameter sets and a key slice together', stapA(sps, pps, idr), { key: true, size: { width: 1280, height: 720 } }],
    ['parameter sets alone', stapA(sps, pps), { key: false, size: { width: 1280, height: 720 } }],
    ['a unit that runs off the end', Uint8Array.of(0x78, 0, 200, 0x65), { key: false }],
    ['a parameter set that is cut off', sps.subarray(0, 6), { key: false }],
    ['one of the high profile', Uint8Array.of(0x67, 100, 0, 31, 0xda), { key: false }],
  ])('RFC 6184: %s', (_what, payload, facts) => expect(inspectH264(payload)).toEqual(facts));

  it.each([
    ['the beginning of a key frame', VP8_KEY, { key: true, size: { width: 1280, height: 720 } }],
    ['with picture id, TL0PICIDX and temporal layer', `90f081231f60${VP8_KEY.slice(2)}`, { key: true, size: { width: 1280, height: 720 } }],
    ['a continuation', `80${VP8_KEY.slice(2)}`, { key: false }],
    ['an interframe', '90b1fa01', { key: false }],
    ['a key frame without its start code', '90b0fa0100000000000000000000', { key: true }],
    ['nothing behind the descriptor', '9080', { key: false }],
  ])('RFC 7741: %s', (_what, hex, facts) => {
    // The vectors' first byte has no X bit where only the plain descriptor is meant.
    const bytes = fromHex(hex);
    if (!hex.startsWith('90f0') && hex !== '9080') bytes[0] = (bytes[0] ?? 0) & 0x7f;
    expect(inspectVp8(bytes)).toEqual(facts);
  });

  it('RFC 6184, RFC 7741: no noise makes them throw or run away', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        inspectH264(bytes);
        inspectVp8(bytes);
        sizeOfSps(bytes);
      }),
    );
  });
});

/** A counter of H.264, the key frames that it asked for, and a clock in its hands. */
function counting() {
  const clock = { ms: 1000 };
  const asked: number[] = [];
  const counter = new VideoCounter(
    'h264',
    () => asked.push(clock.ms),
    () => clock.ms,
  );
  let sequence = 100;
  const push = (timestamp: number, payloads: readonly Uint8Array[]) => {
    for (const [index, payload] of payloads.entries()) {
      counter.push(rtpPacket({ sequence, timestamp, payload, marker: index === payloads.length - 1 }));
      sequence += 1;
    }
  };
  const lose = (count = 1) => {
    sequence += count;
  };
  return { counter, clock, asked, push, lose };
}

describe('counting pictures', () => {
  it('P7.2: whole pictures count, and the first one’s time is kept', () => {
    const { counter, clock, asked, push } = counting();
    push(1, [sps, pps, fragment(5, true, false), fragment(5, false, true)]);
    clock.ms = 2000;
    push(2, [slice]);
    expect(counter.stats).toMatchObject({ width: 1280, height: 720, frames: 2, keyframes: 1, packets: 5, packetsLost: 0, dropped: 0 });
    expect(counter.firstFrameAtMs).toBe(1000);
    expect(asked).toEqual([]);
  });

  it('P7.2: bytes are those of the payloads', () => {
    const { counter, push } = counting();
    push(1, [idr, idr]);
    expect(counter.stats.bytes).toBe(8);
  });

  it('P7.3: without a key frame nothing counts, and one is asked for, twice a second', () => {
    const { counter, clock, asked, push } = counting();
    for (const timestamp of [1, 2, 3, 4, 5, 6]) {
      push(timestamp, [slice]);
      clock.ms += 200;
    }
    expect(counter.stats).toMatchObject({ frames: 0, dropped: 6 });
    expect(counter.firstFrameAtMs).toBeUndefined();
    expect(asked).toEqual([1000, 1600]);
  });

  it('P7.3: after a loss nothing counts until the next key frame', () => {
    const { counter, asked, push, lose } = counting();
    push(1, [idr]);
    lose();
    push(2, [slice]);
    push(3, [slice]);
    push(4, [idr]);
    push(5, [slice]);
    expect(counter.stats).toMatchObject({ frames: 3, keyframes: 2, packetsLost: 1, dropped: 2 });
    expect(asked).toHaveLength(1);
  });

  it('P7.3: a picture whose last packet never came is dropped', () => {
    const { counter, push, lose } = counting();
    push(1, [idr]);
    counter.push(rtpPacket({ sequence: 101, timestamp: 2, payload: slice }));
    lose(2);
    push(3, [slice]);
    expect(counter.stats).toMatchObject({ frames: 1, packetsLost: 1 });
    expect(counter.stats.dropped).toBeGreaterThan(0);
  });

  it('P7.3: a packet that comes late isn’t taken for another picture', () => {
    const { counter, push } = counting();
    push(1, [idr]);
    push(2, [slice]);
    counter.push(rtpPacket({ sequence: 100, timestamp: 1, payload: idr, marker: true }));
    push(3, [slice]);
    expect(counter.stats).toMatchObject({ frames: 3, keyframes: 1, dropped: 0 });
  });

  it('RFC 5761: RTCP and padding aren’t pictures', () => {
    const { counter } = counting();
    counter.push(Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24)));
    counter.push(rtpPacket({ sequence: 1, payload: new Uint8Array(), padding: 200 }));
    expect(counter.stats).toMatchObject({ packets: 0, frames: 0 });
  });
});

it('P7.2: sound is counted in packets', () => {
  const counter = new AudioCounter();
  for (const sequence of [1, 2, 4]) counter.push(rtpPacket({ sequence, payload: new Uint8Array(80), payloadType: 111 }));
  expect(counter.stats).toEqual({ packets: 3, bytes: 240, packetsLost: 1 });
});

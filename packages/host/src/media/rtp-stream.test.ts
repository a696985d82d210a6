import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RTP_PACKET, RtpStream, type RtpStreamOptions } from './rtp-stream.ts';

function streamOf(options: Partial<RtpStreamOptions> = {}): RtpStream {
  return new RtpStream({ ssrc: 0x01020304, payloadType: 102, playoutDelayId: 5, absSendTimeId: 2, firstSequence: 7, ...options });
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const payload = (text: string) => ({ header: [], body: Buffer.from(text, 'hex') });

describe('RTP packets', () => {
  it('RFC 3550 §5.1: have version, marker, payload type, sequence, timestamp, SSRC, extensions and payload', () => {
    const [first, last] = streamOf().build([{ header: [0x7c], body: Buffer.from('aabb', 'hex') }, payload('cc')], 0x11223344);
    expect(hex(first?.bytes ?? new Uint8Array())).toBe(
      '90' + // version 2, extension
        '66' + // payload type 102
        '0007' + // sequence
        '11223344' + // timestamp
        '01020304' + // ssrc
        'bede0002' + // two words of one-byte extensions
        '52000000' + // playout-delay 0…0
        '22000000' + // abs-send-time, written when it leaves
        '7c' + // payload header
        'aabb',
    );
    expect(hex(last?.bytes.subarray(0, 4) ?? new Uint8Array())).toBe('90e60008');
  });

  it('leave out extensions that the viewer does not know', () => {
    const [bare] = streamOf({ playoutDelayId: undefined, absSendTimeId: undefined }).build([payload('aa')], 0);
    expect(hex(bare?.bytes ?? new Uint8Array())).toBe('80e600070000000001020304aa');
    const [timed] = streamOf({ playoutDelayId: undefined }).build([payload('aa')], 0);
    expect(hex(timed?.bytes ?? new Uint8Array())).toBe('90e600070000000001020304bede000122000000aa');
  });

  it.each([
    [0, '000000'],
    [1_000_000, '040000'],
    [1_500_000, '060000'],
    [64_000_000, '000000'],
    [1e13 + 63_999_999, 'ffffff'],
  ])('abs-send-time: %d µs is %s in 6.18 seconds', (nowUs, expected) => {
    const stream = streamOf();
    const [packet] = stream.build([payload('aa')], 0);
    if (packet === undefined) throw new TypeError('no packet');
    stream.stampSendTime(packet, nowUs);
    expect(hex(packet.bytes.subarray(20, 24))).toBe(`22${expected}`);
  });

  it('count on over the wrap of the sequence, and count what they carry', () => {
    const stream = streamOf({ firstSequence: 0xffff });
    const packets = stream.build([payload('aabb'), payload('cc')], 0);
    expect(packets.map((packet) => packet.sequence)).toEqual([0xffff, 0]);
    expect(stream.counts).toEqual({ packets: 2, octets: 3 });
  });

  it('fit the largest packet when their payload fits', () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
        (a, b) => {
          const stream = streamOf({ playoutDelayId: a, absSendTimeId: b });
          const [packet] = stream.build([{ header: [1, 2], body: new Uint8Array(stream.maxPayload - 2) }], 0);
          expect(packet?.bytes).toHaveLength(MAX_RTP_PACKET);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRtcp, senderReport } from './rtcp.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const PLI = '81ce0002 00000001 00001092';
const NACK = '81cd0003 00000001 00001092 fffe8001';
const REPORT = '81c90007 00000001 00001092 40000003 0001ffff 00000009 11112222 00010000';

describe('RTCP of a viewer', () => {
  it.each([
    ['RFC 4585 §6.3.1: PLI', PLI, [{ type: 'keyframe', ssrc: 0x1092 }]],
    ['RFC 5104 §4.3.1: FIR', '84ce0004 00000001 00000000 00001092 07000000', [{ type: 'keyframe', ssrc: 0x1092 }]],
    ['RFC 4585 §6.2.1: NACK with its bit mask, over the wrap', NACK, [{ type: 'missing', ssrc: 0x1092, sequences: [0xfffe, 0xffff, 14] }]],
    ['REMB', '8fce0005 00000001 00000000 52454d42 010a0001 00001092', [{ type: 'bandwidth', kbps: (0x20001 * 4) / 1000 }]],
    [
      'RFC 3550 §6.4.2: receiver report',
      REPORT,
      [{ type: 'report', ssrc: 0x1092, lossFraction: 0.25, highestSequence: 0x1ffff, lastReport: 0x11112222, sinceLastReport: 0x10000 }],
    ],
    [
      'RFC 3550 §6.4.1: the reports inside a sender report',
      '81c8000c 00000001 00000000 00000000 00000000 00000000 00000000 00001092 00000000 00000001 00000000 00000000 00000000',
      [{ type: 'report', ssrc: 0x1092, lossFraction: 0, highestSequence: 1, lastReport: 0, sinceLastReport: 0 }],
    ],
    ['RFC 3550 §6.1: a compound packet', `80c90001 00000001 81ca0002 00000001 01024142 ${PLI}`, [{ type: 'keyframe', ssrc: 0x1092 }]],
    ['what it does not know', '8fcd0003 00000001 00001092 00000000', []],
    ['a REMB that is none', '8fce0005 00000001 00000000 52454d43 010a0001 00001092', []],
    ['a PLI that is cut', '81ce0001 00000001', []],
    ['a report that announces more blocks than it has', '9fc90001 00000001', []],
    ['another version', '41ce0002 00000001 00001092', []],
    ['a length beyond the packet', `${PLI} 81ce00ff 00000001 00001092`, [{ type: 'keyframe', ssrc: 0x1092 }]],
    ['nothing', '', []],
  ])('%s', (_name, packet, expected) => {
    expect(readRtcp(bytes(packet))).toEqual(expected);
  });

  it('is passed over where it is longer than a datagram', () => {
    expect(readRtcp(bytes(PLI.repeat(200)))).toEqual([]);
  });

  it('never makes the reader throw, whatever it is', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => void readRtcp(noise)));
    // Noise behind plausible headers reaches the readers of each kind.
    const header = fc.record({ first: fc.integer({ min: 0x80, max: 0x9f }), type: fc.constantFrom(200, 201, 205, 206), words: fc.nat(12) });
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 60 }), ({ first, type, words }, body) => {
        const feedback = readRtcp(Uint8Array.from([first, type, 0, words, ...body]));
        expect(feedback.length).toBeLessThan(40);
      }),
    );
  });

  it('is read as a view into a larger buffer', () => {
    const larger = Buffer.concat([Buffer.from('ffffff', 'hex'), bytes(PLI)]);
    expect(readRtcp(larger.subarray(3))).toEqual([{ type: 'keyframe', ssrc: 0x1092 }]);
  });
});

describe('a sender report', () => {
  it.each([
    ['a', '81ca0002 01020304 01016100'],
    ['ab', '81ca0003 01020304 01026162 00000000'],
    ['abc', '81ca0003 01020304 01036162 63000000'],
  ])('RFC 3550 §6.4.1, §6.5: has both clocks, the counts, and the CNAME %s padded to a word', (cname, sdes) => {
    const report = senderReport({ ssrc: 0x01020304, nowUs: 2_500_000, rtpTimestamp: 2 ** 32 + 5, packets: 6, octets: 7 }, cname);
    expect(report.toString('hex')).toBe(`80c80006 01020304 00000002 80000000 00000005 00000006 00000007 ${sdes}`.replaceAll(' ', ''));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { h264Payloads, splitAnnexB } from './h264-payload.ts';
import type { Payload } from './rtp-stream.ts';

const MAX = 20;
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const hex = (part: Uint8Array) => Buffer.from(part).toString('hex');
const wire = ({ header, body }: Payload) => hex(Uint8Array.from([...header, ...body]));

/** What a viewer makes of the payloads (RFC 6184 §5.6, §5.8). */
function depacketize(payloads: readonly Payload[]): readonly string[] {
  const units: number[][] = [];
  for (const { header, body } of payloads) {
    const [indicator, fragment] = header;
    if (indicator === undefined || fragment === undefined) units.push([...body]);
    else if ((fragment & 0x80) !== 0) units.push([(indicator & 0xe0) | (fragment & 0x1f), ...body]);
    else units.at(-1)?.push(...body);
  }
  return units.map((unit) => hex(Uint8Array.from(unit)));
}

/** A NAL unit without start codes in it and without zeros at its end, as every encoder writes them. */
const nalUnit = fc
  .record({
    header: fc.constantFrom(0x65, 0x41, 0x67, 0x68),
    body: fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 100 }),
  })
  .map(({ header, body }) => Uint8Array.from([header, ...body]));

describe('H.264 in RTP', () => {
  it.each([
    ['three and four byte start codes', '00000001 6742 000001 68ce 00000001 6588', ['6742', '68ce', '6588']],
    ['zeros that trail a unit', '000001 6588 0000 00 000001 41aa 00', ['6588', '41aa']],
    ['what stands before the first start code', 'ffff 000001 6588', ['6588']],
    ['no start code at all', '6588aabb', []],
    ['empty units', '000001 000001 6588 000001', ['6588']],
    ['nothing', '', []],
  ])('H.264 §B.1: splits %s', (_name, annexB, expected) => {
    expect(splitAnnexB(bytes(annexB)).map(hex)).toEqual(expected);
  });

  it('RFC 6184 §5.6: a unit that fits travels alone', () => {
    expect(h264Payloads(bytes('000001 6742c01f 000001 65aabb'), MAX).map(wire)).toEqual(['6742c01f', '65aabb']);
  });

  it('RFC 6184 §5.8: a longer one travels in FU-A fragments, the first and the last marked', () => {
    const unit = `65${'aa'.repeat(40)}`;
    expect(h264Payloads(bytes(`000001 ${unit}`), MAX).map(wire)).toEqual([
      `7c85${'aa'.repeat(18)}`,
      `7c05${'aa'.repeat(18)}`,
      `7c45${'aa'.repeat(4)}`,
    ]);
  });

  it('leaves out delimiters, SEI, and what would read as one of RTP’s own types', () => {
    const unit = '000001 0910 000001 0605ff 000001 78aa 000001 1caa 000001 00aa 000001 6588';
    expect(h264Payloads(bytes(unit), MAX).map(wire)).toEqual(['6588']);
  });

  it('never builds more than a bounded number of units of one picture', () => {
    expect(h264Payloads(bytes('000001 41aa'.repeat(10_000)), MAX).length).toBeLessThan(1000);
  });

  it('carries every unit whole, in payloads that fit', () => {
    fc.assert(
      fc.property(fc.array(nalUnit, { maxLength: 8 }), fc.integer({ min: 4, max: 50 }), (units, maxPayload) => {
        const annexB = Buffer.concat(units.flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit]));
        const payloads = h264Payloads(annexB, maxPayload);
        expect(payloads.every(({ header, body }) => header.length + body.length <= maxPayload)).toBe(true);
        expect(depacketize(payloads)).toEqual(units.map(hex));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/arbitraries.ts';
import { readsOrFailsByCode } from '../testing/codec-properties.ts';
import { chunked, drip } from '../testing/drip.ts';
import { codeOf } from '../testing/vector-suite.ts';
import { readVectors } from '../testing/vectors.ts';
import { concat, fromHex, toHex } from './bytes.ts';
import { EnvelopeDecoder, envelope, envelopeHeader } from './envelope.ts';

function decodeAll(chunks: Iterable<Uint8Array>, maxLength = 1024): Uint8Array[] {
  const decoder = new EnvelopeDecoder(maxLength);
  const messages = [...chunks].flatMap((chunk) => [...decoder.push(chunk)]);
  decoder.end();
  return messages;
}

describe('envelope', () => {
  it.each([
    ['an empty message', '', '00000000'],
    ['one byte', 'aa', '00000001aa'],
    ['three bytes', '0a0b0c', '000000030a0b0c'],
  ])('F1: %s is its length as u32 big-endian, then the message', (_name, message, framed) => {
    expect(toHex(envelope(fromHex(message)))).toBe(framed);
    expect(toHex(envelopeHeader(message.length / 2))).toBe(framed.slice(0, 8));
    expect(decodeAll([fromHex(framed)]).map(toHex)).toEqual([message]);
  });

  it('F1: the length of a large message needs all four bytes', () => {
    expect(toHex(envelopeHeader(0x0102_0304))).toBe('01020304');
  });

  it.each(['relay', 'agent-link'])('F1: every vector of %s arrives whole when its bytes come one at a time', (name) => {
    const messages = readVectors(name).exact.map((vector) => vector.bytes);
    expect(decodeAll(drip(concat(messages.map(envelope)))).map(toHex)).toEqual(messages.map(toHex));
  });

  it('F1: however a stream is cut, the same messages come out', () => {
    const sizes = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }).filter((list) => list.some((size) => size > 0));
    fc.assert(
      fc.property(fc.array(bytes(40), { maxLength: 8 }), sizes, (messages, cut) => {
        expect(decodeAll(chunked(concat(messages.map(envelope)), cut)).map(toHex)).toEqual(messages.map(toHex));
      }),
    );
  });

  it('F1: a message is a copy: what the reader does with its buffer afterwards does not change it', () => {
    const chunk = envelope(fromHex('aabb'));
    const [message] = new EnvelopeDecoder(16).push(chunk);
    chunk.fill(0);
    expect(message).toEqual(fromHex('aabb'));
  });

  it('F2: a message of the largest length passes, one byte more is refused by its header alone', () => {
    const decoder = new EnvelopeDecoder(4);
    expect([...decoder.push(envelope(fromHex('01020304')))].map(toHex)).toEqual(['01020304']);
    expect([...decoder.push(fromHex('000000'))]).toEqual([]);
    expect(codeOf(() => [...decoder.push(fromHex('05'))])).toBe('frame.oversized');
  });

  it('F2: after a refusal the stream stays refused', () => {
    const decoder = new EnvelopeDecoder(4);
    expect(codeOf(() => [...decoder.push(fromHex('ffffffff'))])).toBe('frame.oversized');
    expect(codeOf(() => [...decoder.push(envelope(fromHex('00')))])).toBe('frame.oversized');
  });

  it('F2: messages before the one that is too long still come out', () => {
    const decoder = new EnvelopeDecoder(4);
    const seen: string[] = [];
    expect(
      codeOf(() => {
        for (const message of decoder.push(fromHex('00000001aa00000005'))) seen.push(toHex(message));
      }),
    ).toBe('frame.oversized');
    expect(seen).toEqual(['aa']);
  });

  it.each([
    ['before the first message', '', 'nothing was refused'],
    ['between messages', '00000001aa', 'nothing was refused'],
    ['inside a header', '000000', 'frame.truncated'],
    ['right behind a header', '00000001', 'frame.truncated'],
    ['inside a message', '00000002aa', 'frame.truncated'],
  ])('F3: a stream that ends %s: %s → %s', (_where, hex, code) => {
    const decoder = new EnvelopeDecoder(16);
    expect([...decoder.push(fromHex(hex))].length).toBeLessThan(2);
    expect(codeOf(() => decoder.end())).toBe(code);
  });

  it('F2: noise in any chunks fails by code only', () => {
    fc.assert(fc.property(fc.array(bytes(12), { maxLength: 12 }), (chunks) => readsOrFailsByCode(() => decodeAll(chunks, 64))));
  });
});

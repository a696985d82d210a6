import { describe, expect, it } from 'vitest';
import { codeOf } from '../../testing/vector-suite.ts';
import { toBase64 } from '../bytes.ts';
import { Reader } from '../read.ts';
import { bytesOf, textOf } from './body.ts';

const body = (fields: Record<string, unknown>) => Reader.of(fields, 'body');

describe('the bounds of a body', () => {
  it('U4: a text of the largest length is read, a longer one refused, whether it is text or a number', () => {
    expect(textOf(body({ serial: 'abc' }), 'serial', 3)).toBe('abc');
    expect(textOf(body({ serial: 123 }), 'serial', 3)).toBe('123');
    expect(codeOf(() => textOf(body({ serial: 'abcd' }), 'serial', 3))).toBe('message.malformed');
    expect(codeOf(() => textOf(body({ serial: 1234 }), 'serial', 3))).toBe('message.malformed');
  });

  it.each([
    [4, 'read'],
    [5, 'refused'],
    [7, 'refused'],
  ])('U4: of data with room for four bytes, %i bytes are %s', (length, outcome) => {
    // Five bytes have as many digits of base64 as six would: only the bytes themselves tell that they are too many.
    const read = () => bytesOf(body({ data: toBase64(new Uint8Array(length)) }), 'data', 4);
    if (outcome === 'read') expect(read()).toHaveLength(length);
    else expect(codeOf(read)).toBe('message.malformed');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, i32, u8, u16, u32, u64 } from '../testing/arbitraries.ts';
import { readsOrFailsByCode } from '../testing/codec-properties.ts';
import { codeOf } from '../testing/vector-suite.ts';
import { ByteReader, ByteWriter, concat, fromBase64, fromHex, toBase64, toHex, truncateUtf8, tryUtf8, utf8 } from './bytes.ts';

describe('UTF-8', () => {
  it('reads back any well-formed text, a byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(tryUtf8(utf8(value))).toBe(value);
      }),
    );
    expect(tryUtf8(fromHex('efbbbf41'))).toBe('\ufeffA');
  });

  it.each(['ff', 'c328', 'c0af', 'eda080', 'e282', 'f4908080'])('%s is not UTF-8', (hex) => {
    expect(tryUtf8(fromHex(hex))).toBeUndefined();
  });

  it.each([
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['äöü', 4, 'äö'],
    ['äöü', 3, 'ä'],
    ['🦊🦊', 7, '🦊'],
    ['🦊', 3, ''],
    ['a', 0, ''],
  ])('C4: %s cut to %i bytes is %s', (value, limit, cut) => {
    expect(tryUtf8(truncateUtf8(value, limit))).toBe(cut);
  });

  it('cuts to the longest prefix of whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 40 }), (value, limit) => {
        const characters = [...value];
        const fits = (count: number) => utf8(characters.slice(0, count).join('')).length <= limit;
        const longest = characters.findIndex((_, at) => !fits(at + 1));
        expect(tryUtf8(truncateUtf8(value, limit))).toBe(longest < 0 ? value : characters.slice(0, longest).join(''));
      }),
    );
  });
});

describe('hex and base64', () => {
  it('read back any bytes', () => {
    fc.assert(
      fc.property(bytes(100), (value) => {
        expect(fromHex(toHex(value))).toEqual(value);
        expect(fromBase64(toBase64(value))).toEqual(value);
        expect(toBase64(value)).toBe(Buffer.from(value).toString('base64'));
      }),
    );
  });

  it('takes hex in any case, and base64 of more bytes than a call has room for', () => {
    expect(fromHex('AbCd')).toEqual(Uint8Array.of(0xab, 0xcd));
    const large = new Uint8Array(20_000).fill(7);
    expect(fromBase64(toBase64(large))).toEqual(large);
  });

  it.each(['a', 'zz', '0x', 'aa '])('%j is no hex', (text) => {
    expect(codeOf(() => fromHex(text))).toBe('message.malformed');
  });

  it.each(['A', 'AA', 'AAA', '=', '====', 'A===', 'AA=A', 'AA-_', 'AA==\n', ' AAA', 'AAAA====', 'Zm9v YmE='])('%j is no base64', (text) => {
    expect(codeOf(() => fromBase64(text))).toBe('message.malformed');
  });

  it('fail by code only', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => readsOrFailsByCode(() => fromBase64(text))));
    fc.assert(fc.property(fc.string(), (text) => readsOrFailsByCode(() => fromHex(text))));
  });
});

describe('ByteWriter and ByteReader', () => {
  const fields = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('u8' as const), value: u8 }),
      fc.record({ type: fc.constant('u16' as const), value: u16, little: fc.boolean() }),
      fc.record({ type: fc.constant('u32' as const), value: u32, little: fc.boolean() }),
      fc.record({ type: fc.constant('i32' as const), value: i32, little: fc.boolean() }),
      fc.record({ type: fc.constant('u64' as const), value: u64, little: fc.boolean() }),
      fc.record({ type: fc.constant('bytes' as const), value: bytes(150) }),
    ),
    { maxLength: 40 },
  );

  it('read back any sequence of fields, across every size of buffer', () => {
    fc.assert(
      fc.property(fields, (list) => {
        const writer = new ByteWriter();
        for (const field of list) {
          if (field.type === 'bytes') writer.bytes(field.value);
          else if (field.type === 'u8') writer.u8(field.value);
          else if (field.type === 'u64') writer.u64(field.value, field.little);
          else writer[field.type](field.value, field.little);
        }
        const reader = new ByteReader(writer.done(), 'fields');
        for (const field of list) {
          if (field.type === 'bytes') expect(reader.bytes(field.value.length)).toEqual(field.value);
          else if (field.type === 'u8') expect(reader.u8()).toBe(field.value);
          else expect(reader[field.type](field.little)).toBe(field.value);
        }
        reader.end();
      }),
    );
  });

  it('C1: the byte order is what the caller says, big-endian unless said', () => {
    const written = new ByteWriter().u16(0x0102).u16(0x0102, true).u32(1).u32(1, true).i32(-2, true).i32(-2).u64(1n).u64(1n, true).done();
    expect(toHex(written)).toBe('01020201' + '0000000101000000' + 'fefffffffffffffe' + '00000000000000010100000000000000');
  });

  it('grows past its first buffer in the middle of any field', () => {
    for (let before = 55; before < 70; before += 1) {
      const written = new ByteWriter().bytes(new Uint8Array(before)).u64(0x0102_0304_0506_0708n).u8(9).done();
      expect(toHex(written.slice(before))).toBe('010203040506070809');
    }
  });

  it('reads its own part of a larger buffer', () => {
    expect(new ByteReader(fromHex('ffff0102').subarray(2), 'part').u16()).toBe(0x0102);
  });

  it('C7: running off the end is truncated, leftovers are malformed, and both say what the message was', () => {
    const reader = new ByteReader(fromHex('0102'), 'Thing');
    expect(() => reader.u32()).toThrow('Thing: 4 bytes wanted at 0, the message has 2');
    expect(codeOf(() => reader.u32())).toBe('frame.truncated');
    expect(reader.u8()).toBe(1);
    expect(() => reader.end()).toThrow('Thing: 1 bytes too many');
    expect(codeOf(() => reader.end())).toBe('message.malformed');
    expect([...reader.rest()]).toEqual([2]);
    expect(reader.rest()).toHaveLength(0);
    reader.end();
  });

  it('text is UTF-8, and a yes or no is 1 or 0', () => {
    expect(new ByteReader(utf8('ä'), 'text').text(2)).toBe('ä');
    expect(codeOf(() => new ByteReader(fromHex('ff'), 'text').text(1))).toBe('message.malformed');
    const answers = new ByteReader(fromHex('000102'), 'answers');
    expect([answers.boolean(), answers.boolean()]).toEqual([false, true]);
    expect(codeOf(() => answers.boolean())).toBe('message.malformed');
  });

  it.each([
    ['u8', (out: ByteWriter) => out.u8(256)],
    ['u8', (out: ByteWriter) => out.u8(-1)],
    ['u16', (out: ByteWriter) => out.u16(0x1_0000)],
    ['u16', (out: ByteWriter) => out.u16(1.5)],
    ['u32', (out: ByteWriter) => out.u32(2 ** 32)],
    ['u32', (out: ByteWriter) => out.u32(Number.NaN)],
    ['i32', (out: ByteWriter) => out.i32(2 ** 31)],
    ['i32', (out: ByteWriter) => out.i32(-(2 ** 31) - 1)],
    ['i32', (out: ByteWriter) => out.i32(0.5)],
    ['u64', (out: ByteWriter) => out.u64(-1n)],
    ['u64', (out: ByteWriter) => out.u64(2n ** 64n)],
  ])('refuses to write what %s has no room for', (_type, write) => {
    expect(() => write(new ByteWriter())).toThrow(RangeError);
  });
});

describe('concat', () => {
  it('joins in order, and nothing is nothing', () => {
    expect(toHex(concat([fromHex('01'), fromHex(''), fromHex('0203')]))).toBe('010203');
    expect(concat([])).toHaveLength(0);
  });
});

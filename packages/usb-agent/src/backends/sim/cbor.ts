import { concat, utf8 } from '@usher/protocol';

/** What a CTAP answer is made of. */
export type CborValue = number | boolean | string | Uint8Array | readonly CborValue[] | ReadonlyMap<string | number, CborValue>;

const Major = { Unsigned: 0, Bytes: 2, Text: 3, List: 4, Map: 5 } as const;

/** CBOR (RFC 8949) with definite lengths and shortest heads. Map keys keep their order, which CTAP wants canonical: the caller's to mind. */
export function encodeCbor(value: CborValue): Uint8Array {
  if (typeof value === 'number') return head(Major.Unsigned, value);
  if (typeof value === 'boolean') return new Uint8Array([value ? 0xf5 : 0xf4]);
  if (typeof value === 'string') {
    const text = utf8(value);
    return concat([head(Major.Text, text.length), text]);
  }
  if (value instanceof Uint8Array) return concat([head(Major.Bytes, value.length), value]);
  if (isMap(value)) {
    const members = [...value].flatMap(([key, member]) => [encodeCbor(key), encodeCbor(member)]);
    return concat([head(Major.Map, value.size), ...members]);
  }
  return concat([head(Major.List, value.length), ...value.map(encodeCbor)]);
}

/** `instanceof Map` doesn't narrow to a readonly one. */
function isMap(value: CborValue): value is ReadonlyMap<string | number, CborValue> {
  return value instanceof Map;
}

function head(major: number, count: number): Uint8Array {
  const top = major << 5;
  if (count < 24) return new Uint8Array([top | count]);
  if (count < 0x100) return new Uint8Array([top | 24, count]);
  if (count < 0x1_0000) return new Uint8Array([top | 25, count >> 8, count & 0xff]);
  throw new RangeError('no CTAP answer counts beyond 65,535');
}

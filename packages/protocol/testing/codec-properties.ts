import fc from 'fast-check';
import { expect } from 'vitest';
import { CodedError } from '../src/errors.ts';

/** A message's two pure functions. */
export interface Codec<Value> {
  readonly encode: (value: Value) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Value;
}

/** decode ∘ encode = id. */
export function assertRoundTrip<Value>(values: fc.Arbitrary<Value>, codec: Codec<Value>): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(codec.decode(codec.encode(value))).toEqual(value);
    }),
  );
}

/** No bytes make a decoder fail otherwise than by a code: neither noise nor a valid message that was damaged on the way. */
export function assertFailsByCode<Value>(values: fc.Arbitrary<Value>, codec: Codec<Value>): void {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readsOrFailsByCode(() => codec.decode(bytes))));
  fc.assert(fc.property(values, damage, (value, how) => readsOrFailsByCode(() => codec.decode(damaged(codec.encode(value), how)))));
}

/** Throws on any failure that isn't coded. */
export function readsOrFailsByCode(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
}

const damage = fc.record({
  cutTo: fc.option(fc.nat({ max: 2000 })),
  flips: fc.array(fc.record({ at: fc.nat({ max: 2000 }), bits: fc.integer({ min: 1, max: 255 }) }), { maxLength: 4 }),
  appended: fc.uint8Array({ maxLength: 8 }),
});

function damaged(message: Uint8Array, how: typeof damage extends fc.Arbitrary<infer How> ? How : never): Uint8Array {
  const kept = message.slice(0, how.cutTo ?? message.length);
  for (const { at, bits } of how.flips) {
    if (kept.length > 0) kept[at % kept.length] = (kept[at % kept.length] ?? 0) ^ bits;
  }
  const whole = new Uint8Array(kept.length + how.appended.length);
  whole.set(kept);
  whole.set(how.appended, kept.length);
  return whole;
}

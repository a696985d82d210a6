import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { i32, u32 } from '../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../testing/codec-properties.ts';
import { describeVectors } from '../testing/vector-suite.ts';
import { decodeInput, encodeInput, INPUT_EVENT_BYTES, INPUT_EVENTS_MAX, type InputEvent, InputKind } from './input.ts';

const codec = { encode: encodeInput, decode: decodeInput };
const side = fc.integer({ min: 1, max: 0xffff });
const { PointerMoveTo, Text, ...others } = InputKind;

/** Every event that means something (rule I4). */
const events: fc.Arbitrary<InputEvent> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...Object.values(others)), code: u32, x: i32, y: i32, flags: u32 }),
  fc.record({
    kind: fc.constant(PointerMoveTo),
    code: u32,
    x: i32,
    y: i32,
    flags: fc.tuple(side, side).map(([width, height]) => width * 0x1_0000 + height),
  }),
  fc.record({
    kind: fc.constant(Text),
    code: fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10_ffff })),
    x: i32,
    y: i32,
    flags: u32,
  }),
);
const messages = fc.array(events, { maxLength: INPUT_EVENTS_MAX });

describeVectors('input', { Input: codec });

describe('input events', () => {
  it('I6: each reads back whatever it writes', () => {
    assertRoundTrip(messages, codec);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(messages, codec);
  });

  it('I2: 64 events go into a message, a 65th is refused by the writer too', () => {
    const event = { kind: InputKind.ReleaseAll, code: 0, x: 0, y: 0, flags: 0 };
    const full = Array.from({ length: INPUT_EVENTS_MAX }, () => event);
    expect(encodeInput(full)).toHaveLength(INPUT_EVENTS_MAX * INPUT_EVENT_BYTES);
    expect(decodeInput(encodeInput(full))).toEqual(full);
    expect(() => encodeInput([...full, event])).toThrow(RangeError);
  });

  it('I3: a kind that is not known costs its own event only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xff }), (kind) => {
        const bytes = encodeInput([key(30), key(31), key(32)]);
        bytes[INPUT_EVENT_BYTES + 1] = kind;
        const kinds: readonly number[] = Object.values(InputKind);
        // A position without a surface is dropped too, although its kind is known.
        const kept = kinds.includes(kind) && kind !== PointerMoveTo;
        expect(decodeInput(bytes).map((event) => event.code)).toEqual(kept ? [30, 31, 32] : [30, 32]);
      }),
    );
  });
});

function key(code: number): InputEvent {
  return { kind: InputKind.KeyDown, code, x: 0, y: 0, flags: 0 };
}

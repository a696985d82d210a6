import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { u16 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import { CURSOR_MAX, decodeCursorShape, encodeCursorShape } from './cursor.ts';
import { MAX_CONTROL_MESSAGE } from './magic.ts';

const side = fc.integer({ min: 0, max: 12 });
const cursors = fc
  .record({ width: side, height: side, hotX: u16, hotY: u16 })
  .chain((cursor) =>
    fc
      .uint8Array({ minLength: cursor.width * cursor.height * 4, maxLength: cursor.width * cursor.height * 4 })
      .map((rgba) => ({ ...cursor, rgba })),
  );
const codec = { encode: encodeCursorShape, decode: decodeCursorShape };

describe('CursorShape', () => {
  it('C9: reads back whatever it writes', () => {
    assertRoundTrip(cursors, codec);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(cursors, codec);
  });

  it('C2: the largest cursor fits a control message', () => {
    const largest = { width: CURSOR_MAX, height: CURSOR_MAX, hotX: 0, hotY: 0, rgba: new Uint8Array(CURSOR_MAX * CURSOR_MAX * 4) };
    expect(encodeCursorShape(largest).length).toBeLessThanOrEqual(MAX_CONTROL_MESSAGE);
    expect(decodeCursorShape(encodeCursorShape(largest))).toEqual(largest);
  });

  it.each([
    ['too wide', { width: CURSOR_MAX + 1, height: 1, rgba: new Uint8Array((CURSOR_MAX + 1) * 4) }],
    ['too high', { width: 1, height: CURSOR_MAX + 1, rgba: new Uint8Array((CURSOR_MAX + 1) * 4) }],
    ['not of the announced size', { width: 2, height: 2, rgba: new Uint8Array(15) }],
  ])('C9: refuses to write a picture that is %s', (_what, picture) => {
    expect(() => encodeCursorShape({ ...picture, hotX: 0, hotY: 0 })).toThrow(RangeError);
  });
});

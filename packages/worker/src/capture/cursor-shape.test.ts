import { CURSOR_MAX } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorShape } from './cursor-shape.ts';

/** A picture of one colour; the bytes are as X has them in memory: blue, green, red, alpha. */
function cursor(width: number, height: number, pixel: readonly number[], hot = { x: 0, y: 0 }) {
  const cursorImage = new Uint8Array(width * height * 4);
  for (let at = 0; at < cursorImage.length; at += 4) cursorImage.set(pixel, at);
  return { width, height, xhot: hot.x, yhot: hot.y, cursorImage };
}

describe("a pointer's shape", () => {
  it.each([
    ['opaque', [10, 20, 30, 255], [30, 20, 10, 255]],
    ['half transparent', [64, 0, 128, 128], [255, 0, 128, 128]],
    ['transparent', [0, 0, 0, 0], [0, 0, 0, 0]],
    ['wrongly premultiplied', [200, 200, 200, 100], [255, 255, 255, 100]],
  ])('C9: a pixel that is %s becomes plain RGBA', (_name, source, expected) => {
    expect([...cursorShape(cursor(1, 1, source)).rgba]).toEqual(expected);
  });

  it('C9: what fits stays as it is', () => {
    const { rgba: _, ...rest } = cursorShape(cursor(24, 32, [0, 0, 0, 255], { x: 3, y: 31 }));
    expect(rest).toEqual({ width: 24, height: 32, hotX: 3, hotY: 31 });
  });

  it('C9: what is too large shrinks as a whole, and points at the same place', () => {
    const { rgba, ...rest } = cursorShape(cursor(256, 192, [1, 2, 3, 255], { x: 128, y: 191 }));
    expect(rest).toEqual({ width: 128, height: 96, hotX: 64, hotY: 95 });
    expect([...rgba.subarray(-4)]).toEqual([3, 2, 1, 255]);
  });

  it('C9: a hidden pointer has no pixels', () => {
    expect(cursorShape(cursor(0, 0, []))).toEqual({ width: 0, height: 0, hotX: 0, hotY: 0, rgba: new Uint8Array(0) });
  });

  it('C9: any shape becomes one that the protocol can carry', () => {
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, side, side, (width, height, x, y) => {
        const shape = cursorShape(cursor(width, height, [9, 9, 9, 9], { x, y }));
        expect(shape.width).toBeLessThanOrEqual(CURSOR_MAX);
        expect(shape.height).toBeLessThanOrEqual(CURSOR_MAX);
        expect(shape.rgba.length).toBe(shape.width * shape.height * 4);
        expect(shape.hotX).toBeLessThan(shape.width);
        expect(shape.hotY).toBeLessThan(shape.height);
      }),
      { numRuns: 50 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toScreen } from './surface.ts';

const screen = { width: 1280, height: 720 };
const surface = (width: number, height: number) => ((width << 16) | height) >>> 0;

describe("a position on a viewer's surface", () => {
  it.each([
    ['of the same size', { x: 100, y: 200, flags: surface(1280, 720) }, { x: 100, y: 200 }],
    ['of half the size', { x: 100, y: 200, flags: surface(640, 360) }, { x: 200, y: 400 }],
    ['of twice the size', { x: 101, y: 201, flags: surface(2560, 1440) }, { x: 50, y: 100 }],
    ['its last pixel', { x: 639, y: 359, flags: surface(640, 360) }, { x: 1278, y: 718 }],
    ['beyond its edge', { x: 700, y: -5, flags: surface(640, 360) }, { x: 1279, y: 0 }],
    ['without a size', { x: 5000, y: 20, flags: 0 }, { x: 1279, y: 20 }],
    ['wider than a signed number', { x: 60_000, y: 0, flags: surface(65_535, 1) }, { x: 1171, y: 0 }],
  ])('P7.2: %s', (_name, event, expected) => {
    expect(toScreen(event, screen)).toEqual(expected);
  });

  it('P7.2: is always on the screen', () => {
    const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (x, y, flags) => {
        const at = toScreen({ x, y, flags }, screen);
        expect(at.x).toBeGreaterThanOrEqual(0);
        expect(at.x).toBeLessThan(screen.width);
        expect(at.y).toBeGreaterThanOrEqual(0);
        expect(at.y).toBeLessThan(screen.height);
      }),
    );
  });
});

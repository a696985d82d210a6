import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wantedMode } from './wanted-mode.ts';

describe('the size that a window asks for', () => {
  it.each([
    ['a plain screen pixel for pixel', [1280, 800, 1], '1280x800'],
    ['an odd window made even', [1281, 801, 1], '1280x800'],
    ['a laptop at 125 % sharp', [1536, 864, 1.25], '1920x1080'],
    ['a dense screen half as many again', [1440, 900, 2], '2160x1350'],
    ['a phone enough for windows', [390, 844, 3], '600x1298'],
    ['a small window of a plain screen no more than half as many again', [300, 300, 1], '450x450'],
    ['a wall of pixels within the host’s limits, in its shape', [5120, 1440, 1], '3840x1080'],
    ['a zoomed-out page no less than its own pixels', [2000, 1000, 0.5], '2000x1000'],
    ['a sliver at the least', [10, 10, 1], '320x200'],
  ] as const)('P7.3: %s', (_name, [width, height, ratio], expected) => {
    const mode = wantedMode(width, height, ratio);
    expect(`${mode.width}x${mode.height}`).toBe(expected);
  });

  it('P7.3: is always even and within the host’s limits', () => {
    const side = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(side, side, fc.double({ min: 0.1, max: 5, noNaN: true }), (width, height, ratio) => {
        const mode = wantedMode(width, height, ratio);
        expect(mode.width % 2 === 0 && mode.height % 2 === 0).toBe(true);
        expect(mode.width >= 320 && mode.width <= 3840 && mode.height >= 200 && mode.height <= 2160).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampMode, isPlausibleMode, MODE_LIMITS, sameMode } from './mode.ts';

const mode = (width: number, height: number, refreshHz = 60) => ({ width, height, refreshHz });

describe('a mode', () => {
  it.each([
    ['fits', mode(1280, 720), mode(1280, 720)],
    ['is odd', mode(1281, 721), mode(1280, 720)],
    ['is too small', mode(1, 1), mode(320, 200)],
    ['is too large', mode(7680, 4320), mode(3840, 2160)],
    ['is too fast', mode(1280, 720, 240), mode(1280, 720, 60)],
    ['leaves the refresh to the host', mode(1280, 720, 0), mode(1280, 720, 60)],
    ['is slow', mode(1280, 720, 24), mode(1280, 720, 24)],
  ])('P7.3: a wish that %s is clamped', (_case, wish, expected) => {
    expect(clampMode(wish)).toEqual(expected);
  });

  it('P7.3: a clamped mode is within the limits, even, and stays as it is', () => {
    const side = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(side, side, side, (width, height, refreshHz) => {
        const clamped = clampMode({ width, height, refreshHz });
        expect(clamped.width).toBeGreaterThanOrEqual(MODE_LIMITS.minWidth);
        expect(clamped.width).toBeLessThanOrEqual(MODE_LIMITS.maxWidth);
        expect(clamped.height).toBeGreaterThanOrEqual(MODE_LIMITS.minHeight);
        expect(clamped.height).toBeLessThanOrEqual(MODE_LIMITS.maxHeight);
        expect((clamped.width % 2) + (clamped.height % 2)).toBe(0);
        expect(clamped.refreshHz).toBeGreaterThanOrEqual(1);
        expect(clamped.refreshHz).toBeLessThanOrEqual(60);
        expect(sameMode(clampMode(clamped), clamped)).toBe(true);
      }),
    );
  });

  it.each([
    [mode(1280, 720), true],
    [mode(1, 1), true],
    [mode(16_384, 16_384), true],
    [mode(0, 720), false],
    [mode(1280, 0), false],
    [mode(0xffff_ffff, 720), false],
  ])('P7.3: %o is a wish: %s', (wish, plausible) => {
    expect(isPlausibleMode(wish)).toBe(plausible);
  });
});

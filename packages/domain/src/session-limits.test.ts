import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitKbps, limitMode } from './session-limits.ts';

const mode = (width: number, height: number, refreshHz = 60) => ({ width, height, refreshHz });

describe('a profile’s limits (requirement P5.5)', () => {
  it.each([
    ['no limit', mode(1920, 1080), {}, mode(1920, 1080)],
    ['a width', mode(1920, 1080), { max_width: 1281 }, mode(1280, 1080)],
    ['a height', mode(1920, 1080), { max_height: 720 }, mode(1920, 720)],
    ['a refresh', mode(1920, 1080), { max_refresh_hz: 30 }, mode(1920, 1080, 30)],
    ['a refresh that is left to the host', mode(1920, 1080, 0), { max_refresh_hz: 30 }, mode(1920, 1080, 30)],
    ['a refresh that is left to the host without a limit', mode(1920, 1080, 0), {}, mode(1920, 1080)],
    ['limits above the host’s own', mode(7680, 4320, 240), { max_width: 9000, max_refresh_hz: 500 }, mode(3840, 2160, 60)],
  ])('P5.5: %s', (_case, wish, limits, expected) => {
    expect(limitMode(wish, limits)).toEqual(expected);
  });

  it('P5.5: no wish gets past them', () => {
    const side = fc.integer({ min: 0, max: 0xffff_ffff });
    const limits = fc.record({ max_width: fc.integer({ min: 320, max: 9000 }), max_refresh_hz: fc.integer({ min: 1, max: 300 }) });
    fc.assert(
      fc.property(side, side, side, limits, (width, height, refreshHz, given) => {
        const limited = limitMode({ width, height, refreshHz }, given);
        expect(limited.width).toBeLessThanOrEqual(given.max_width);
        expect(limited.refreshHz).toBeLessThanOrEqual(given.max_refresh_hz);
      }),
    );
  });

  it.each([
    [0, undefined, 0],
    [0, 4000, 4000],
    [8000, 4000, 4000],
    [2000, 4000, 2000],
    [2000, undefined, 2000],
  ])('P5.5: %i kbit/s within %s are %i', (wish, limit, expected) => {
    expect(limitKbps(wish, limit === undefined ? {} : { max_bitrate_kbps: limit })).toBe(expected);
  });
});

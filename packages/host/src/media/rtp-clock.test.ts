import { describe, expect, it } from 'vitest';
import { RtpClock } from './rtp-clock.ts';

describe('RTP timestamps', () => {
  it('count ticks from their offset, and wrap', () => {
    const clock = new RtpClock(90_000, 2 ** 32 - 90_000);
    expect(clock.at(0)).toBe(2 ** 32 - 90_000);
    expect(clock.at(1_000_000)).toBe(0);
    expect(clock.at(2_000_000)).toBe(90_000);
  });

  it('differ from unit to unit, though two were captured at one time or out of order', () => {
    const clock = new RtpClock(90_000, 0);
    const stamps = [1_000_000, 1_000_000, 999_000, 1_016_667].map((us) => clock.timestampOf(us));
    expect(new Set(stamps).size).toBe(4);
    expect(stamps).toEqual([...stamps].sort((left, right) => left - right));
  });
});

import { describe, expect, it } from 'vitest';
import { compactNtp, monotonicClock, ntpTime } from './media-clock.ts';

describe('media time', () => {
  it('RFC 3550 §4: is seconds and fraction, and their middle bits', () => {
    expect(ntpTime(0x1_2345 * 1e6 + 250_000)).toEqual({ seconds: 0x1_2345, fraction: 0x4000_0000 });
    expect(compactNtp(0x1_2345 * 1e6 + 250_000)).toBe(0x2345_4000);
  });

  it('is the clock of a worker: CLOCK_MONOTONIC in microseconds', () => {
    const before = process.hrtime.bigint() / 1000n;
    const now = monotonicClock.nowUs();
    expect(now).toBeGreaterThanOrEqual(Number(before));
    expect(now).toBeLessThanOrEqual(Number(process.hrtime.bigint() / 1000n));
  });
});

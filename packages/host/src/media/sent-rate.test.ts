import { describe, expect, it } from 'vitest';
import { SentRate } from './sent-rate.ts';

const SECOND = 1_000_000;

describe('the sent rate', () => {
  it('is that of the last half second', () => {
    const rate = new SentRate(0);
    for (let at = 0; at < SECOND; at += 10_000) rate.add(1250, at);
    expect(rate.kbps(SECOND - 1)).toBe(1000);
    expect(rate.kbps(1.25 * SECOND)).toBeCloseTo(400, -2);
    expect(rate.kbps(1.6 * SECOND)).toBe(0);
  });

  it('forgets all after a pause of any length', () => {
    const rate = new SentRate(5 * SECOND);
    rate.add(100_000, 5 * SECOND);
    expect(rate.kbps(3600 * SECOND)).toBe(0);
    rate.add(62_500, 3600 * SECOND);
    expect(rate.kbps(3600 * SECOND)).toBe(1000);
  });
});

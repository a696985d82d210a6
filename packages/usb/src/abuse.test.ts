import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { AbuseMeter } from './abuse.ts';

/** Strikes at an even pace; how many it took to be locked out, or undefined. */
function strikesUntilLocked(perSecond: number, seconds: number): number | undefined {
  const clock = new ManualClock();
  const meter = new AbuseMeter(clock);
  for (let strike = 1; strike <= perSecond * seconds; strike += 1) {
    if (meter.strike()) return strike;
    clock.advance(1000 / perSecond);
  }
  return undefined;
}

describe('abuse meter', () => {
  it.each([
    [4, undefined],
    [5, undefined],
    [10, 39],
    [1000, 21],
  ])('U1.11: %i strikes a second', (perSecond, locked) => {
    expect(strikesUntilLocked(perSecond, 60)).toBe(locked);
  });

  it('U1.11: a lock-out lasts five seconds, takes no further strikes, and ends with an empty bucket', () => {
    const clock = new ManualClock();
    const meter = new AbuseMeter(clock);
    for (let strike = 1; strike <= 20; strike += 1) expect(meter.strike()).toBe(strike === 20);
    expect([meter.locked, meter.strike()]).toEqual([true, false]);
    clock.advance(4999);
    expect(meter.locked).toBe(true);
    clock.advance(1);
    expect(meter.locked).toBe(false);
    for (let strike = 1; strike <= 20; strike += 1) expect(meter.strike()).toBe(strike === 20);
  });
});

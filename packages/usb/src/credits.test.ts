import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CREDIT_WINDOW, Credits } from './credits.ts';

describe('credits', () => {
  it('U1.6: sixteen may be taken, and one more for each that is given', () => {
    const credits = new Credits();
    const taken = Array.from({ length: CREDIT_WINDOW + 1 }, () => credits.take());
    expect(taken).toEqual([...new Array<boolean>(CREDIT_WINDOW).fill(true), false]);
    credits.give();
    expect([credits.take(), credits.take()]).toEqual([true, false]);
  });

  it('U1.6: whatever is taken and granted, none are below zero or above the window', () => {
    const steps = fc.array(fc.oneof(fc.constant('take' as const), fc.integer({ min: 1, max: 0xffff })));
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 64 }), (given, window) => {
        const credits = new Credits(window);
        for (const step of given) {
          const before = credits.left;
          if (step === 'take') expect(credits.take()).toBe(before > 0);
          else credits.give(step);
          expect(credits.left).toBeGreaterThanOrEqual(0);
          expect(credits.left).toBeLessThanOrEqual(window);
        }
      }),
    );
  });
});

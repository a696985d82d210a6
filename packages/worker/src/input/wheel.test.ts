import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Wheel } from './wheel.ts';

/** Notches of each of several turns. */
function turns(...amounts: readonly number[]): readonly number[] {
  const wheel = new Wheel();
  return amounts.map((amount) => wheel.turn(amount) + 0); // + 0, because no notch to the left is still no notch
}

describe('a wheel', () => {
  it.each([
    ['a notch is a notch', [120], [1]],
    ['back is negative', [-120], [-1]],
    ['small steps add up', [40, 40, 40, 40], [0, 0, 1, 0]],
    ['what is left over counts', [100, 100, 100], [0, 1, 1]],
    ['many at once', [600], [5]],
    ['a change of direction starts anew', [110, -20, -100], [0, 0, -1]],
    ['no movement', [0, 0], [0, 0]],
    ['an absurd amount is cut', [2_000_000_000, 0], [50, 0]],
  ])('P7.2: %s', (_name, amounts, notches) => {
    expect(turns(...amounts)).toEqual(notches);
  });

  it('P7.2: in one direction, nothing of reasonable size is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 100 }), (amounts) => {
        const total = amounts.reduce((sum, amount) => sum + amount, 0);
        expect(turns(...amounts).reduce((sum, notches) => sum + notches, 0)).toBe(Math.floor(total / 120));
      }),
    );
  });
});

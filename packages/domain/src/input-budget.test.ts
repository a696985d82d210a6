import { describe, expect, it } from 'vitest';
import { InputBudget } from './input-budget.ts';

/** How many messages of 64 events are taken out of `count` that come `everyMs`. */
function taken(count: number, everyMs: number): number {
  const budget = new InputBudget(0);
  let sum = 0;
  for (let index = 0; index < count; index += 1) if (budget.take(64, index * everyMs)) sum += 1;
  return sum;
}

describe('the input budget', () => {
  it.each([
    ['a burst of 8192 events is taken', 128, 0, 128],
    ['more at once is not', 1000, 0, 128],
    ['4000 events a second are taken for good', 10_000, 16, 10_000],
    ['twice as many are halved', 10_000, 8, 5127],
  ])('I2: %s', (_case, count, everyMs, expected) => {
    expect(taken(count, everyMs)).toBe(expected);
  });

  it('I2: what isn’t taken isn’t counted', () => {
    const budget = new InputBudget(0);
    expect(budget.take(8_193, 0)).toBe(false);
    expect(budget.take(8_192, 0)).toBe(true);
    expect(budget.take(1, 0)).toBe(false);
    expect(budget.take(4, 1)).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimIds } from './claim-ids.ts';

describe('claim ids', () => {
  it('U1.4: run from 1 to 65,534 and around, past what is still open', () => {
    const ids = new ClaimIds();
    const open = new Set([1, 65_534]);
    const given = Array.from({ length: 65_533 }, () => ids.next((id) => open.has(id)));
    expect([given[0], given.at(-2), given.at(-1)]).toEqual([2, 65_533, 2]);
    expect(new Set(given).size).toBe(65_532);
  });

  it('U1.4: are never 0, never 65,535 and never one in use, whatever is opened and closed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 }), { maxLength: 200 }), fc.integer({ min: 0, max: 65_534 }), (closing, start) => {
        const ids = new ClaimIds();
        for (let skipped = 0; skipped < start % 1000; skipped += 1) ids.next(() => false);
        const open = new Set<number>();
        for (const close of closing) {
          const id = ids.next((taken) => open.has(taken));
          expect(id > 0 && id < 0xffff && !open.has(id)).toBe(true);
          open.add(id);
          const victim = [...open][close];
          if (victim !== undefined) open.delete(victim);
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Held } from './held.ts';

describe('what viewers hold down', () => {
  it('P7.2: a key goes down once and comes up once', () => {
    const held = new Held();
    expect(held.press(1, 30)).toBe(true);
    expect(held.press(1, 30)).toBe(false);
    expect(held.release(1, 30)).toBe(true);
    expect(held.release(1, 30)).toBe(false);
  });

  it('P7.2: a key that two viewers hold comes up with the last of them', () => {
    const held = new Held();
    held.press(1, 30);
    expect(held.press(2, 30)).toBe(false);
    expect(held.release(1, 30)).toBe(false);
    expect(held.release(2, 30)).toBe(true);
  });

  it('P7.2: nobody lets go of what somebody else holds', () => {
    const held = new Held();
    held.press(1, 30);
    expect(held.release(2, 30)).toBe(false);
    expect(held.codes).toEqual([30]);
  });

  it('P7.2: a viewer who goes lets go of everything, except what others hold too', () => {
    const held = new Held();
    held.press(1, 30);
    held.press(1, 42);
    held.press(2, 42);
    expect(held.releaseAll(1)).toEqual([30]);
    expect(held.releaseAll(1)).toEqual([]);
    expect(held.codes).toEqual([42]);
  });
});

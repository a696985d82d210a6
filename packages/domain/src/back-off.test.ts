import { beforeEach, describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

describe('the back-off of a process', () => {
  let backOff: BackOff;

  beforeEach(() => {
    backOff = new BackOff();
  });

  it('design §1: what never failed may start', () => {
    expect(backOff.waitMs(0)).toBe(0);
  });

  it('design §1: failures in a row wait 0, 1, 2, 4 … 30 seconds', () => {
    const waits = Array.from({ length: 9 }, () => {
      backOff.failed(1000, 0);
      return backOff.waitMs(1000);
    });
    expect(waits).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('design §1: the wait passes', () => {
    backOff.failed(0, 0);
    backOff.failed(0, 0);
    expect(backOff.waitMs(400)).toBe(600);
    expect(backOff.waitMs(1000)).toBe(0);
    expect(backOff.waitMs(5000)).toBe(0);
  });

  it('design §1: a run of a minute forgets the failures before it', () => {
    for (let failure = 0; failure < 5; failure += 1) backOff.failed(0, 0);
    backOff.failed(100_000, 60_000);
    expect(backOff.waitMs(100_000)).toBe(0);
  });
});

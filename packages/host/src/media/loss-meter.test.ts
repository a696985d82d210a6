import { describe, expect, it } from 'vitest';
import { LossMeter } from './loss-meter.ts';

const SECOND = 1_000_000;

describe('the loss meter', () => {
  it('waits for fifty packets: a viewer reports after three when it misses one', () => {
    const meter = new LossMeter();
    meter.take({ lossFraction: 0, highestSequence: 100 }, 0);
    expect(meter.take({ lossFraction: 1 / 3, highestSequence: 103 }, SECOND)).toBeUndefined();
    expect(meter.take({ lossFraction: 0, highestSequence: 150 }, 2 * SECOND)).toBeCloseTo(1 / 50);
  });

  it('waits for a quarter of a second: a burst is not the link', () => {
    const meter = new LossMeter();
    meter.take({ lossFraction: 0, highestSequence: 0 }, 0);
    expect(meter.take({ lossFraction: 0.5, highestSequence: 100 }, 50_000)).toBeUndefined();
    expect(meter.take({ lossFraction: 0, highestSequence: 400 }, 300_000)).toBeCloseTo(50 / 400);
  });

  it('starts anew after each answer, and counts over the wrap', () => {
    const meter = new LossMeter();
    meter.take({ lossFraction: 0, highestSequence: 0xffff_ffc0 }, 0);
    expect(meter.take({ lossFraction: 0.5, highestSequence: 0x40 }, SECOND)).toBeCloseTo(0.5);
    expect(meter.take({ lossFraction: 0, highestSequence: 0xc0 }, 2 * SECOND)).toBe(0);
  });

  it('passes over a first report and one that goes backwards', () => {
    const meter = new LossMeter();
    expect(meter.take({ lossFraction: 1, highestSequence: 1000 }, 0)).toBeUndefined();
    expect(meter.take({ lossFraction: 1, highestSequence: 900 }, SECOND)).toBeUndefined();
  });
});

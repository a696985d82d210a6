import { describe, expect, it } from 'vitest';
import { readMediaStats } from './media-stats.ts';

const PAIR = { type: 'candidate-pair', state: 'succeeded' };

describe('a browser’s statistics', () => {
  it.each([
    ['in milliseconds', [{ ...PAIR, currentRoundTripTime: 0.004 }], 4],
    ['also where it is shorter than the browser can tell', [{ ...PAIR, currentRoundTripTime: 0 }], 0],
    [
      'of the connection that was made, not of those that failed',
      [
        { ...PAIR, currentRoundTripTime: 0.002 },
        { ...PAIR, state: 'failed' },
      ],
      2,
    ],
    ['unless none was measured yet', [PAIR], undefined],
    ['unless it is no number', [{ ...PAIR, currentRoundTripTime: 'soon' }], undefined],
  ] as const)('P9.4: tell the round trip %s', (_name, entries, expected) => {
    expect(readMediaStats(new Map(entries.map((entry, at) => [String(at), entry]))).rttMs).toBe(expected);
  });
});

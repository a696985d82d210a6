import { describe, expect, it } from 'vitest';
import { compactNtp } from './media-clock.ts';
import { RoundTrip } from './round-trip.ts';

const SENT_US = 100_000_000;
const units = (ms: number) => Math.round((ms / 1000) * 65_536);

describe('the round trip', () => {
  it('RFC 3550 §6.4.1: is the time since our report, less the time that the viewer held it', () => {
    const trip = new RoundTrip();
    const ms = trip.measure({ lastReport: compactNtp(SENT_US), sinceLastReport: units(300) }, SENT_US + 350_000);
    expect(ms).toBeCloseTo(50, 0);
    expect(trip.ms).toBeCloseTo(50, 0);
  });

  it('RFC 6298: is smoothed by an eighth', () => {
    const trip = new RoundTrip();
    trip.measure({ lastReport: compactNtp(SENT_US), sinceLastReport: 0 }, SENT_US + 40_000);
    trip.measure({ lastReport: compactNtp(SENT_US), sinceLastReport: 0 }, SENT_US + 120_000);
    expect(trip.ms).toBeCloseTo(50, 0);
  });

  it('is measured over the wrap of the report’s sixteen bits of seconds', () => {
    const before = 0x1_0000 * 1e6 - 10_000;
    expect(new RoundTrip().measure({ lastReport: compactNtp(before), sinceLastReport: 0 }, before + 20_000)).toBeCloseTo(20, 0);
  });

  it.each([
    ['no report of ours had come', { lastReport: 0, sinceLastReport: 0 }],
    ['it was held longer than it exists', { lastReport: compactNtp(SENT_US), sinceLastReport: units(5000) }],
    ['it is from another time', { lastReport: compactNtp(SENT_US - 60_000_000), sinceLastReport: 0 }],
  ])('is not taken where %s', (_name, report) => {
    const trip = new RoundTrip();
    expect(trip.measure(report, SENT_US + 10_000)).toBeUndefined();
    expect(trip.ms).toBeUndefined();
  });

  it('is never negative, though the clocks tick differently', () => {
    expect(new RoundTrip().measure({ lastReport: compactNtp(SENT_US), sinceLastReport: units(11) }, SENT_US + 10_000)).toBe(0);
  });
});

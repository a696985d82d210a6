import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateControl } from './rate-control.ts';

const ms = (milliseconds: number) => milliseconds * 1000;

/** A rate control whose viewer sends all that it may, in steps of 20 ms. */
class Sending {
  readonly rate = new RateControl(0);
  #ms = 0;

  get nowUs(): number {
    return ms(this.#ms);
  }

  /** Sends for a while at `share` of the estimate, with `each` called every 200 ms. */
  run(milliseconds: number, each: () => void = () => undefined, share = 1): this {
    for (const end = this.#ms + milliseconds; this.#ms < end; this.#ms += 20) {
      this.rate.sent((this.rate.kbps * share * 20) / 8, this.nowUs);
      if (this.#ms % 200 === 0) each();
    }
    return this;
  }

  /** The viewer's estimator allows that much. */
  allow(kbps: number): () => void {
    return () => this.rate.bandwidth(kbps, this.nowUs);
  }

  lose(share: number): () => void {
    return () => this.rate.loss(share, this.nowUs);
  }
}

describe('P7.3: the rate', () => {
  it.each([
    ['at 2.5 Mbit/s', undefined, 2500],
    ['at 2.5 Mbit/s far away', 40, 2500],
    ['at 8 Mbit/s close by', 2, 8000],
  ])('starts %s', (_name, rttMs, expected) => {
    const rate = new RateControl(0);
    rate.start(rttMs);
    expect(rate.kbps).toBe(expected);
  });

  it('doubles in a second while the viewer allows it and uses it', () => {
    const sending = new Sending();
    sending.run(2000, sending.allow(50_000));
    expect(sending.rate.kbps).toBeGreaterThan(7000);
    sending.run(3000, sending.allow(50_000));
    expect(sending.rate.kbps).toBe(20_000);
  });

  it('does not grow while it isn’t used, and doesn’t make the time up afterwards', () => {
    const sending = new Sending();
    sending.run(10_000, sending.allow(50_000), 0.3);
    expect(sending.rate.kbps).toBe(2500);
    sending.run(400, sending.allow(50_000));
    expect(sending.rate.kbps).toBeLessThan(6000);
  });

  it('stays below what the viewer allows', () => {
    const sending = new Sending();
    sending.run(5000, sending.allow(4000));
    expect(sending.rate.kbps).toBe(3800);
  });

  it('is cut to what the viewer allows as soon as that is less than what is sent', () => {
    const sending = new Sending();
    sending.run(2000, sending.allow(3000)).run(200, sending.allow(1000));
    expect(sending.rate.kbps).toBe(950);
  });

  it('takes a first estimate below what is sent at its word', () => {
    const sending = new Sending();
    sending.run(2000).run(200, sending.allow(1500));
    expect(sending.rate.kbps).toBe(1425);
  });

  it('is cut in steps while little is sent: a few delayed packets are no full link', () => {
    const sending = new Sending();
    sending.run(2000, sending.allow(3000), 0.1).run(200, sending.allow(200), 0.1);
    expect(sending.rate.kbps).toBe(1750);
  });

  it('is not cut by an estimate that does not fall: it only has not seen more yet', () => {
    const sending = new Sending();
    sending.run(1000, sending.allow(1500), 0.1).run(2000, sending.allow(1500));
    expect(sending.rate.kbps).toBe(2500);
  });

  it('is not cut by an estimate that is low because little was sent', () => {
    const sending = new Sending();
    sending.run(2000, sending.allow(500), 0.1);
    expect(sending.rate.kbps).toBe(2500);
  });

  it.each([
    ['grows through hardly any', 0.01, (kbps: number) => kbps > 4000],
    ['holds through a few', 0.05, (kbps: number) => kbps === 2500],
    ['falls with many', 0.15, (kbps: number) => kbps < 2200],
    ['falls to what arrives with very many', 0.6, (kbps: number) => kbps === 300],
  ])('without a viewer’s estimate, %s losses', (_name, share, fits) => {
    const sending = new Sending();
    sending.run(2000, sending.lose(share));
    expect(sending.rate.kbps).toSatisfy(fits);
  });

  it('falls when the round trip tells that packets stand in a queue', () => {
    const sending = new Sending();
    sending.rate.roundTrip(20, 0);
    sending.run(1000, () => sending.rate.roundTrip(100, sending.nowUs));
    expect(sending.rate.kbps).toBe(2500);
    sending.run(1000, () => sending.rate.roundTrip(200, sending.nowUs));
    expect(sending.rate.kbps).toBeLessThan(1900);
  });

  it('is not cut twice within 400 ms', () => {
    const sending = new Sending();
    sending.run(1000);
    sending.rate.loss(0.5, sending.nowUs);
    const once = sending.rate.kbps;
    sending.run(200, sending.lose(0.5));
    expect(sending.rate.kbps).toBe(once);
    sending.run(600, sending.lose(0.5));
    expect(sending.rate.kbps).toBeLessThan(once);
  });

  it('grows carefully for four seconds after a cut, then boldly', () => {
    const sending = new Sending();
    sending.run(1000);
    sending.rate.loss(0.5, sending.nowUs);
    const cut = sending.rate.kbps;
    sending.run(4000, sending.allow(50_000));
    expect(sending.rate.kbps).toBeLessThan(cut * 1.4);
    sending.run(4000, sending.allow(50_000));
    expect(sending.rate.kbps).toBeGreaterThan(cut * 2);
  });

  it('stays between 300 and 20 000 kbit/s, whatever a viewer says', () => {
    const event = fc.oneof(
      fc.record({ type: fc.constant('bandwidth' as const), value: fc.double({ min: 0, max: 1e12, noNaN: true }) }),
      fc.record({ type: fc.constant('loss' as const), value: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ type: fc.constant('roundTrip' as const), value: fc.double({ min: 0, max: 10_000, noNaN: true }) }),
      fc.record({ type: fc.constant('sent' as const), value: fc.integer({ min: 0, max: 10_000_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ event, laterMs: fc.nat(3000) }), { maxLength: 60 }), (events) => {
        const rate = new RateControl(0);
        let nowUs = 0;
        for (const { event: told, laterMs } of events) {
          nowUs += ms(laterMs);
          rate[told.type](told.value, nowUs);
          expect(rate.kbps).toBeGreaterThanOrEqual(300);
          expect(rate.kbps).toBeLessThanOrEqual(20_000);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEARTBEAT_AFTER_US, Pacer, REFINE_EVERY_US, REFINE_FOR_US } from './pacer.ts';

const INTERVAL_US = 1e6 / 60;

/** A pacer that has taken one picture at `atUs`. */
function started(atUs = 1_000_000): Pacer {
  const pacer = new Pacer(60);
  pacer.demand();
  pacer.begin('grab', atUs);
  return pacer;
}

/** Lets the pacer alone until it wants nothing more; the times of what it did, from `fromUs`. */
function doneAtRest(pacer: Pacer, fromUs: number, bytes: number): readonly number[] {
  const times: number[] = [];
  let nowUs = fromUs;
  for (let decision = pacer.next(nowUs); decision.do !== 'nothing'; decision = pacer.next(nowUs)) {
    if (decision.do === 'wait') {
      nowUs = decision.untilUs;
      continue;
    }
    expect(decision.do).toBe('repeat');
    times.push(nowUs - fromUs);
    pacer.begin('repeat', nowUs);
    pacer.repeated(bytes);
  }
  return times;
}

describe('the pace of capture', () => {
  it('P7.1: before anything happens, nothing is done', () => {
    expect(new Pacer(60).next(0)).toEqual({ do: 'nothing' });
  });

  it('P7.1: a change of a screen at rest is looked at at once', () => {
    const pacer = started();
    pacer.changed();
    expect(pacer.next(1_000_000 + INTERVAL_US)).toEqual({ do: 'grab' });
  });

  it('P7.1: a first key frame needs a picture, a later one takes the last', () => {
    const pacer = new Pacer(60);
    pacer.demand();
    expect(pacer.next(0)).toEqual({ do: 'grab' });
    pacer.begin('grab', 0);
    pacer.demand();
    expect(pacer.next(1)).toEqual({ do: 'repeat' });
  });

  it('P7.3: after a change of size the last picture is of no use', () => {
    const pacer = started();
    pacer.reset();
    pacer.demand();
    expect(pacer.next(2_000_000)).toEqual({ do: 'grab' });
  });

  it('P7.1: a picture that was asked for twice is made once', () => {
    const pacer = started();
    pacer.demand();
    pacer.demand();
    pacer.begin('repeat', 1_000_001);
    expect(pacer.next(1_000_002).do).not.toBe('repeat');
  });

  it('P7.1: a screen at rest is refined for as long as that adds something, then reported ever more rarely, then left alone', () => {
    const times = doneAtRest(started(), 1_000_000, 5000);
    const refinements = times.filter((at) => at <= REFINE_FOR_US);
    expect(refinements).toEqual(Array.from({ length: 60 }, (_, index) => (index + 1) * REFINE_EVERY_US));
    expect(times.slice(refinements.length)).toEqual(HEARTBEAT_AFTER_US.slice(-2));
  });

  it('P7.1: a picture that repeating made no better is not refined any further', () => {
    expect(doneAtRest(started(), 1_000_000, 100)).toEqual([REFINE_EVERY_US, ...HEARTBEAT_AFTER_US]);
  });

  it('P7.1: a key frame for a newcomer is refined like a picture that moved', () => {
    const pacer = started();
    doneAtRest(pacer, 1_000_000, 100);
    pacer.demand();
    pacer.begin('repeat', 60_000_000);
    expect(doneAtRest(pacer, 60_000_000, 5000)).toHaveLength(62);
  });

  it.each([24, 30, 60])('P7.1: a screen that changes all the time is looked at %i times a second', (fps) => {
    const pacer = new Pacer(fps);
    let grabs = 0;
    for (let nowUs = 0; nowUs < 10_000_000; nowUs += 1000) {
      pacer.changed();
      if (pacer.next(nowUs).do !== 'grab') continue;
      grabs += 1;
      pacer.begin('grab', nowUs);
    }
    expect(grabs / 10).toBeGreaterThan(fps - 1.5);
    expect(grabs / 10).toBeLessThanOrEqual(fps + 0.2);
  });

  it('P7.1: whatever happens when, the rate is kept and what is waited for comes', () => {
    const happenings = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom('changed', 'demand', 'reset')), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(happenings, (steps) => {
        const pacer = new Pacer(60);
        const grabs: number[] = [];
        let nowUs = 0;
        for (const [afterUs, what] of steps) {
          nowUs += afterUs;
          pacer[what]();
          const decision = pacer.next(nowUs);
          if (decision.do === 'wait') expect(decision.untilUs).toBeGreaterThan(nowUs);
          if (decision.do === 'grab' || decision.do === 'repeat') pacer.begin(decision.do, nowUs);
          if (decision.do === 'grab') grabs.push(nowUs);
        }
        // Never closer together than the early share allows, and on average no faster than the rate.
        for (const [index, at] of grabs.slice(1).entries()) expect(at - (grabs[index] ?? 0)).toBeGreaterThanOrEqual(INTERVAL_US * 0.6 - 1);
        expect(grabs.length).toBeLessThanOrEqual(nowUs / INTERVAL_US + 2);
      }),
    );
  });
});

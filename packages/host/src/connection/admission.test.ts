import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import {
  Admission,
  type AdmissionTicket,
  UNPROVED_MAX,
  UNPROVED_PER_ADDRESS_MAX,
  WAITING_MAX,
  WAITING_PER_ADDRESS_MAX,
  WAITS_MS,
} from './admission.ts';

type Answer = AdmissionTicket | 'refused' | 'waits';

let clock: FakeClock;
let admission: Admission;
beforeEach(() => {
  clock = new FakeClock();
  admission = new Admission(clock);
});

/** Somebody at the door: what it has come to so far, and how to leave again. */
class Caller {
  answer: Answer = 'waits';
  readonly giveUp: () => void;

  constructor(address = '192.0.2.1') {
    this.giveUp = admission.enter(address, (ticket) => {
      expect(this.answer).toBe('waits'); // once
      this.answer = ticket ?? 'refused';
    });
  }

  get isIn(): boolean {
    return typeof this.answer === 'object';
  }

  leave(): void {
    if (typeof this.answer === 'object') this.answer.release();
  }
}

function callers(count: number, address?: string): readonly Caller[] {
  return Array.from({ length: count }, () => new Caller(address));
}

function outcomes(list: readonly Caller[]): readonly string[] {
  return list.map(({ answer }) => (typeof answer === 'object' ? 'in' : answer));
}

describe('admission', () => {
  it('S10: one address has four connections of strangers, and the next waits', () => {
    expect(callers(UNPROVED_PER_ADDRESS_MAX).every(({ isIn }) => isIn)).toBe(true);
    expect(outcomes([new Caller(), new Caller('192.0.2.2')])).toEqual(['waits', 'in']);
  });

  it('S10: all addresses together have sixteen', () => {
    for (let number = 0; number < UNPROVED_MAX; number += 1) expect(new Caller(`192.0.2.${number}`).isIn).toBe(true);
    expect(new Caller('192.0.2.200').answer).toBe('waits');
  });

  it('S10: a place that is given back, however often, is one place, for whoever has waited longest', () => {
    const [first] = callers(UNPROVED_PER_ADDRESS_MAX);
    const waiting = callers(2);
    first?.leave();
    first?.leave();
    expect(outcomes(waiting)).toEqual(['in', 'waits']);
  });

  it('S10: whoever waits for a place of their own address holds nobody else up', () => {
    const [first] = callers(UNPROVED_PER_ADDRESS_MAX);
    for (let number = 0; number < UNPROVED_MAX - UNPROVED_PER_ADDRESS_MAX; number += 1) new Caller(`198.51.100.${number}`);
    const [same, other] = [new Caller(), new Caller('203.0.113.1')];
    first?.leave();
    expect(outcomes([same, other])).toEqual(['in', 'waits']);
    same.leave();
    expect(outcomes([other])).toEqual(['in']);
  });

  it('S10: nobody overtakes one of the same address', () => {
    const [first] = callers(UNPROVED_PER_ADDRESS_MAX);
    const waiting = new Caller();
    first?.leave();
    expect(outcomes([waiting, new Caller()])).toEqual(['in', 'waits']);
  });

  it('S10: waiting has an end', async () => {
    callers(UNPROVED_PER_ADDRESS_MAX);
    const waiting = new Caller();
    await clock.advance(WAITS_MS - 1);
    expect(waiting.answer).toBe('waits');
    await clock.advance(1);
    expect(waiting.answer).toBe('refused');
  });

  it('S10: so many wait, and so many of one address; the others are refused at once', () => {
    callers(UNPROVED_PER_ADDRESS_MAX + WAITING_PER_ADDRESS_MAX);
    expect(new Caller().answer).toBe('refused');
    for (let number = 0; number < UNPROVED_MAX - UNPROVED_PER_ADDRESS_MAX; number += 1) new Caller(`198.51.100.${number}`);
    for (let number = WAITING_PER_ADDRESS_MAX; number < WAITING_MAX; number += 1)
      expect(new Caller(`203.0.113.${number}`).answer).toBe('waits');
    expect(new Caller('203.0.113.200').answer).toBe('refused');
  });

  it('S10: whoever goes while they wait takes no place', () => {
    const [first, second] = callers(UNPROVED_PER_ADDRESS_MAX);
    const [gone, next] = [new Caller(), new Caller()];
    gone.giveUp();
    first?.leave();
    expect(outcomes([gone, next])).toEqual(['waits', 'in']);
    next.giveUp(); // it has been answered
    second?.leave();
    expect(outcomes(callers(2))).toEqual(['in', 'waits']);
  });

  it('design §6: lets nobody in who waits when it is closed', () => {
    callers(UNPROVED_PER_ADDRESS_MAX);
    const waiting = callers(2);
    admission.close();
    expect(outcomes(waiting)).toEqual(['refused', 'refused']);
  });
});

import { Reader } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { id, phone } from '../testing/profiles.ts';
import { PasscodeGate } from './passcode-gate.ts';

const KIDS = id(1);
const TABLET = phone(1);
const START = 1_800_000_000;

/** Seconds that each attempt has to wait, tried as soon as the one before allows it; nobody knows the passcode. */
function waits(gate: PasscodeGate, attempts: number, from = START): readonly number[] {
  let now = from;
  return Array.from({ length: attempts }, () => {
    expect(gate.attempt(KIDS, TABLET, false, now)).toMatchObject({ outcome: 'open' });
    const verdict = gate.attempt(KIDS, TABLET, false, now);
    const wait = verdict.outcome === 'locked' ? verdict.retrySeconds : 0;
    now += wait;
    return wait;
  });
}

describe('the passcode gate (requirement P2.2)', () => {
  it('P2.2: waits grow, and after five failures it is a quarter of an hour', () => {
    expect(waits(new PasscodeGate(), 7)).toEqual([4, 8, 16, 32, 900, 900, 900]);
  });

  it('P2.2: the last second still counts', () => {
    const gate = new PasscodeGate();
    gate.attempt(KIDS, TABLET, false, START);
    expect(gate.attempt(KIDS, TABLET, false, START + 3)).toEqual({ outcome: 'locked', retrySeconds: 1, because: 'device' });
    expect(gate.attempt(KIDS, TABLET, false, START + 4)).toMatchObject({ outcome: 'open' });
  });

  it('P2.2: one device’s lockout touches no other, and no other profile', () => {
    const gate = new PasscodeGate();
    waits(gate, 5);
    expect(gate.attempt(KIDS, phone(2), false, START).outcome).toBe('open');
    expect(gate.attempt(id(2), TABLET, false, START).outcome).toBe('open');
  });

  it('P2.2: of attempts at the same moment one is open', () => {
    const gate = new PasscodeGate();
    const verdicts = Array.from({ length: 20 }, () => gate.attempt(KIDS, TABLET, false, START).outcome);
    expect(verdicts.filter((outcome) => outcome === 'open')).toHaveLength(1);
  });

  it('P2.2: a right passcode starts afresh', () => {
    const gate = new PasscodeGate();
    waits(gate, 4);
    gate.succeeded(KIDS, TABLET);
    expect(gate.failures(KIDS, TABLET)).toBe(0);
    expect(waits(gate, 1)).toEqual([4]);
  });

  it('P2.2: a right passcode that was checked into the next day takes nothing from that day', () => {
    const gate = new PasscodeGate();
    gate.attempt(KIDS, TABLET, false, START);
    gate.forgetProfile(KIDS);
    gate.succeeded(KIDS, TABLET);
    expect(gate.document()).toMatchObject({ devices: [], days: [] });
  });

  it('P2.2: a day without an attempt forgets', () => {
    const gate = new PasscodeGate();
    waits(gate, 3);
    expect(waits(gate, 1, START + 2 * 86_400)).toEqual([4]);
  });

  it('P2.2: a clock that was set back locks nobody out for longer than the longest lockout', () => {
    const gate = new PasscodeGate();
    waits(gate, 5);
    expect(gate.attempt(KIDS, TABLET, false, START - 1_000_000)).toMatchObject({ outcome: 'locked', retrySeconds: 900 });
  });
});

describe('the daily ceiling (gap G10)', () => {
  function failing(devices: number): PasscodeGate {
    const gate = new PasscodeGate();
    for (let number = 1; number <= devices; number += 1) gate.attempt(KIDS, phone(number), false, START);
    return gate;
  }

  it('G10 and P2.2: after a hundred failures only devices of the profile may try until the day is over', () => {
    const gate = failing(100);
    expect(gate.isAtCeiling(KIDS, START)).toBe(true);
    expect(gate.attempt(KIDS, phone(500), false, START + 100)).toEqual({ outcome: 'locked', retrySeconds: 86_300, because: 'ceiling' });
    expect(gate.attempt(KIDS, phone(500), true, START + 100)).toMatchObject({ outcome: 'open' });
    expect(gate.attempt(id(2), phone(500), false, START + 100)).toMatchObject({ outcome: 'open' });
    expect(gate.isAtCeiling(KIDS, START + 86_400)).toBe(false);
    expect(gate.attempt(KIDS, phone(501), false, START + 86_400)).toMatchObject({ outcome: 'open' });
  });

  it('G10 and P2.2: 99 are fine, and right ones don’t count', () => {
    const gate = failing(99);
    for (let number = 200; number < 300; number += 1) {
      expect(gate.attempt(KIDS, phone(number), false, START).outcome).toBe('open');
      gate.succeeded(KIDS, phone(number));
    }
    expect(gate.isAtCeiling(KIDS, START)).toBe(false);
  });

  it('G10 and P2.2: another passcode is another story', () => {
    const gate = failing(100);
    gate.attempt(id(7), TABLET, false, START);
    gate.forgetProfile(KIDS);
    expect(gate.failures(id(7), TABLET)).toBe(1);
    expect([gate.isAtCeiling(KIDS, START), gate.failures(KIDS, TABLET)]).toEqual([false, 0]);
  });
});

describe('the gate and its devices', () => {
  it('P2.2: a new certificate is no new budget', () => {
    const gate = new PasscodeGate();
    waits(gate, 5);
    gate.attempt(KIDS, phone(2), false, START);
    gate.renewDevice(TABLET, phone(9));
    expect(gate.failures(KIDS, phone(2))).toBe(1);
    expect(gate.attempt(KIDS, phone(9), false, START).outcome).toBe('locked');
    expect(gate.failures(KIDS, TABLET)).toBe(0);
  });

  it('P1.8: a device that was unpaired leaves no entries', () => {
    const gate = new PasscodeGate();
    gate.attempt(KIDS, TABLET, false, START);
    gate.attempt(KIDS, phone(2), false, START);
    gate.forgetDevice(TABLET);
    expect(gate.document().devices.map((entry) => entry.fingerprint)).toEqual([phone(2)]);
  });

  it('P2.3: what it knows survives as a document', () => {
    const attempts = fc.array(fc.tuple(fc.nat(3), fc.nat(5), fc.boolean(), fc.nat(1000)), { maxLength: 60 });
    fc.assert(
      fc.property(attempts, (made) => {
        const gate = new PasscodeGate();
        let now = START;
        for (const [profile, device, assigned, seconds] of made) {
          now += seconds;
          gate.attempt(id(profile), phone(device), assigned, now);
        }
        const again = PasscodeGate.read(Reader.json(JSON.stringify(gate.document()), 'gate'));
        expect(again.document()).toEqual(gate.document());
      }),
    );
  });

  it.each([
    [{ version: 2, devices: [], days: [] }],
    [{ version: 1, devices: [{}], days: [] }],
    [{ version: 1, devices: [], days: [{ profile: id(1), start_unix: -1, failures: 0 }] }],
    [{ version: 1 }],
  ])('P2.3: %j is malformed', (document) => {
    expect(() => PasscodeGate.read(Reader.of(document, 'gate'))).toThrow(expect.objectContaining({ code: 'message.malformed' }));
  });
});

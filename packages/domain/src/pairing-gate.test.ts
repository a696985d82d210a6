import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { CEREMONY_SPACING_MS, PairingGate, PIN_LIFETIME_MS } from './pairing-gate.ts';

describe('the pairing gate', () => {
  let gate: PairingGate;
  const guess = (nowMs: number) => gate.attempt(nowMs, (pin) => `challenge for ${pin}`);

  beforeEach(() => {
    gate = new PairingGate();
  });

  it('P9.1: nobody pairs while no PIN is armed', () => {
    expect(guess(0)).toEqual({ outcome: 'not-armed' });
  });

  it('P9.1: an armed PIN allows exactly one guess', () => {
    gate.arm('123456', 0);
    expect(guess(10)).toEqual({ outcome: 'begun', result: 'challenge for 123456' });
    expect(gate.isArmed(10)).toBe(false);
    expect(guess(10 + CEREMONY_SPACING_MS)).toEqual({ outcome: 'not-armed' });
  });

  it('P9.1: a malformed request does not burn the PIN', () => {
    gate.arm('123456', 0);
    const refuse = () =>
      gate.attempt(1, () => {
        throw new RangeError('no point of the curve');
      });
    expect(refuse).toThrow(RangeError);
    expect(guess(2)).toMatchObject({ outcome: 'begun' });
  });

  it('P9.1: a PIN expires after two minutes', () => {
    const expiresMs = gate.arm('123456', 1000);
    expect(expiresMs).toBe(1000 + PIN_LIFETIME_MS);
    expect(gate.isArmed(expiresMs - 1)).toBe(true);
    expect(gate.isArmed(expiresMs)).toBe(false);
    expect(guess(expiresMs)).toEqual({ outcome: 'not-armed' });
  });

  it('P9.1: a disarmed PIN is gone', () => {
    gate.arm('123456', 0);
    gate.disarm();
    expect(guess(1)).toEqual({ outcome: 'not-armed' });
  });

  it('P9.1: the newest PIN counts', () => {
    gate.arm('111111', 0);
    gate.arm('222222', 1);
    expect(guess(2)).toEqual({ outcome: 'begun', result: 'challenge for 222222' });
  });

  it('P9.1: two ceremonies are two seconds apart, however quickly the operator arms again', () => {
    gate.arm('111111', 0);
    guess(0);
    gate.arm('222222', 500);
    expect(guess(500)).toEqual({ outcome: 'cooling-down', waitMs: 1500 });
    expect(gate.isArmed(500)).toBe(true);
    expect(guess(CEREMONY_SPACING_MS)).toMatchObject({ outcome: 'begun' });
  });

  it('P9.1: in whatever order things happen, there is at most one guess for each time a PIN was armed', () => {
    const step = fc.record({ act: fc.constantFrom('arm', 'disarm', 'guess'), after: fc.integer({ min: 0, max: 150_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        gate = new PairingGate();
        let now = 0;
        let armed = 0;
        let begun = 0;
        let last = Number.NEGATIVE_INFINITY;
        for (const { act, after } of steps) {
          now += after;
          if (act === 'arm') {
            gate.arm('123456', now);
            armed += 1;
          } else if (act === 'disarm') gate.disarm();
          else if (guess(now).outcome === 'begun') {
            begun += 1;
            expect(now - last).toBeGreaterThanOrEqual(CEREMONY_SPACING_MS);
            last = now;
          }
          expect(begun).toBeLessThanOrEqual(armed);
        }
      }),
    );
  });
});

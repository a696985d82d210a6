import { describe, expect, it } from 'vitest';
import { Admission, UNPROVED_MAX, UNPROVED_PER_ADDRESS_MAX } from './admission.ts';

describe('admission', () => {
  it('design §3: one address has four connections of strangers', () => {
    const admission = new Admission();
    const tickets = Array.from({ length: UNPROVED_PER_ADDRESS_MAX }, () => admission.enter('192.0.2.1'));
    expect(tickets.every((ticket) => ticket !== undefined)).toBe(true);
    expect(admission.enter('192.0.2.1')).toBeUndefined();
    expect(admission.enter('192.0.2.2')).toBeDefined();
  });

  it('design §3: all addresses together have sixteen', () => {
    const admission = new Admission();
    for (let number = 0; number < UNPROVED_MAX; number += 1) expect(admission.enter(`192.0.2.${number}`)).toBeDefined();
    expect(admission.enter('192.0.2.200')).toBeUndefined();
  });

  it('design §3: a place that is given back, however often, is one place', () => {
    const admission = new Admission();
    const tickets = Array.from({ length: UNPROVED_PER_ADDRESS_MAX }, () => admission.enter('192.0.2.1'));
    tickets[0]?.release();
    tickets[0]?.release();
    expect(admission.enter('192.0.2.1')).toBeDefined();
    expect(admission.enter('192.0.2.1')).toBeUndefined();
  });
});

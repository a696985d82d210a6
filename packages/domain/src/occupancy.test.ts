import { describe, expect, it } from 'vitest';
import { id, phone, profile } from '../testing/profiles.ts';
import { Occupancy } from './occupancy.ts';
import type { Profile } from './profile.ts';

const kid = (overrides: Partial<Profile> = {}) => profile({ os_account: { kind: 'linux', username: 'kid', uid: 1001 }, ...overrides });
const occupant = (of: Profile, device: number, holder: string, assigned = false) => ({
  profile: of,
  device: phone(device),
  assigned,
  holder,
});

describe('a seat (requirement P6.6)', () => {
  it('P6.6: is for one; another device is told who sits there', () => {
    const occupancy = new Occupancy<string>();
    expect(occupancy.enter(occupant(kid(), 1, 'first')).outcome).toBe('seated');
    expect(occupancy.enter(occupant(kid(), 2, 'second'))).toMatchObject({ outcome: 'occupied', by: { holder: 'first' } });
    occupancy.leave('first');
    expect(occupancy.enter(occupant(kid(), 2, 'second')).outcome).toBe('seated');
  });

  it('P6.6: of the operator is shared', () => {
    const occupancy = new Occupancy<string>();
    for (const holder of ['a', 'b']) expect(occupancy.enter(occupant(profile(), 1, holder)).outcome).toBe('shared');
    expect(occupancy.list()).toEqual([]);
  });

  it('P6.6: is taken over by the same device in the same profile', () => {
    const occupancy = new Occupancy<string>();
    occupancy.enter(occupant(kid(), 1, 'before'));
    expect(occupancy.enter(occupant(kid(), 1, 'after'))).toMatchObject({ outcome: 'taken-over', from: { holder: 'before' } });
    // The end of the session that lost it takes nothing from the one that has it.
    occupancy.leave('before');
    expect(occupancy.list().map((seat) => seat.holder)).toEqual(['after']);
  });

  it('P6.6: belongs to the account: another profile on it meets the same seat', () => {
    const occupancy = new Occupancy<string>();
    occupancy.enter(occupant(kid(), 1, 'first'));
    expect(occupancy.enter(occupant(kid({ id: id(2), allow_takeover: true }), 1, 'second', true)).outcome).toBe('occupied');
    const anna = profile({ id: id(3), os_account: { kind: 'linux', username: 'anna', uid: 1002 } });
    expect(occupancy.enter(occupant(anna, 1, 'third')).outcome).toBe('seated');
  });

  it.each([
    ['assigned', true, true, 'taken-over'],
    ['not assigned', false, true, 'occupied'],
    ['assigned, but the profile doesn’t allow it', true, false, 'occupied'],
  ])('gap G13: another device that is %s', (_case, assigned, allow_takeover, outcome) => {
    const occupancy = new Occupancy<string>();
    occupancy.enter(occupant(kid({ allow_takeover }), 1, 'first', true));
    expect(occupancy.enter(occupant(kid({ allow_takeover }), 2, 'second', assigned)).outcome).toBe(outcome);
  });
});

import { OPERATOR, type ProfileId } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { id, phone, profile, SOME_PASSCODE } from '../testing/profiles.ts';
import type { Profile } from './profile.ts';
import { pickableProfiles, resolve } from './resolve.ts';
import { EMPTY_ROSTER, homeOf, type Roster, rosterOf, withDevice, withoutDevice, withoutProfile, withProfile } from './roster.ts';

const TABLET = phone(1);
const STRANGER = phone(2);
const KIDS = profile({ id: id(1), assigned_fingerprints: [TABLET] });
const LOCKED_KIDS = { ...KIDS, passcode: SOME_PASSCODE };
const STRICT_KIDS = { ...LOCKED_KIDS, require_passcode_even_when_assigned: true };
const GUEST = profile({ id: id(2), display_name: 'Guest' });
const LOCKED_GUEST = { ...GUEST, passcode: SOME_PASSCODE };
const OPEN_GUEST = { ...GUEST, allow_shared_view: true };
const ANNA = profile({ id: id(3), display_name: 'Anna' });

const roster = (profiles: readonly Profile[], defaultId?: ProfileId) => rosterOf(profiles, defaultId);

function told(given: Roster, device: typeof TABLET, requested?: string): string {
  const resolution = resolve(given, device, requested);
  if (resolution.outcome === 'denied') return `denied ${resolution.reason}`;
  return `${resolution.outcome} ${resolution.profile.display_name} ${resolution.via}`;
}

describe('the authority table (requirement P3.1)', () => {
  it.each([
    ['row 1', 'an assigned device enters its profile', roster([KIDS]), TABLET, undefined, 'granted Kids assigned'],
    ['row 1', 'although it has a passcode', roster([LOCKED_KIDS]), TABLET, undefined, 'granted Kids assigned'],
    ['row 1', 'unless it asks even then', roster([STRICT_KIDS]), TABLET, undefined, 'challenge Kids assigned'],
    ['row 1', 'whatever the default is', roster([KIDS, GUEST], id(2)), TABLET, undefined, 'granted Kids assigned'],
    ['row 2', 'without a default, others come to the operator', roster([KIDS]), STRANGER, undefined, 'granted Operator default'],
    ['row 2', 'a default without a passcode lets them in', roster([KIDS, GUEST], id(2)), STRANGER, undefined, 'granted Guest default'],
    ['row 2', 'a default that is gone is none', roster([KIDS], id(9)), STRANGER, undefined, 'granted Operator default'],
    ['row 3', 'a default with a passcode asks', roster([KIDS, LOCKED_GUEST], id(2)), STRANGER, undefined, 'challenge Guest default'],
    ['row 4', 'an assigned device may name its profile', roster([LOCKED_KIDS]), TABLET, id(1), 'granted Kids assigned'],
    ['row 4', 'unless that asks even then', roster([STRICT_KIDS]), TABLET, id(1), 'challenge Kids assigned'],
    ['row 5, 6', 'a profile with a passcode asks whoever names it', roster([LOCKED_KIDS]), STRANGER, id(1), 'challenge Kids selected'],
    ['row 5, 6', 'devices of other profiles too', roster([KIDS, LOCKED_GUEST]), TABLET, id(2), 'challenge Guest selected'],
    ['row 7', 'a profile without one keeps to its devices', roster([KIDS]), STRANGER, id(1), 'denied not-permitted'],
    ['row 7', 'unless it is a shared view', roster([KIDS, OPEN_GUEST]), TABLET, id(2), 'granted Guest selected'],
    ['row 8', 'a profile that isn’t there isn’t found', roster([KIDS]), TABLET, id(9), 'denied unknown-profile'],
    ['row 8', 'nor is what is no id', roster([KIDS]), TABLET, '../kids', 'denied unknown-profile'],
  ] as const)('P3.1 %s: %s', (_row, _case, given, device, requested, expected) => {
    expect(told(given, device, requested)).toBe(expected);
  });

  it.each([
    ['the operator’s, where it lands there anyway', roster([KIDS]), STRANGER, OPERATOR, 'granted Operator default'],
    ['the default', roster([KIDS, GUEST], id(2)), STRANGER, id(2), 'granted Guest default'],
    ['a default with a passcode', roster([KIDS, LOCKED_GUEST], id(2)), STRANGER, id(2), 'challenge Guest default'],
  ] as const)('P3.2: naming %s is the same as naming none', (_case, given, device, requested, expected) => {
    expect(told(given, device, requested)).toBe(expected);
  });

  it.each([
    ['a device with a profile of its own', roster([KIDS]), TABLET],
    ['anyone past a default’s passcode', roster([LOCKED_GUEST], id(2)), STRANGER],
  ])('P3.2: the operator’s profile doesn’t let in %s', (_case, given, device) => {
    expect(told(given, device, OPERATOR)).toBe('denied unknown-profile');
  });

  it('P3.1: a profile that asks for a passcode and has none lets nobody in', () => {
    const unset = { ...KIDS, require_passcode_even_when_assigned: true, allow_shared_view: true };
    expect([told(roster([unset]), TABLET), told(roster([unset]), STRANGER, id(1))]).toEqual([
      'challenge Kids assigned',
      'challenge Kids selected',
    ]);
  });
});

describe('what a device may pick (requirement P3.4)', () => {
  const picks = (given: Roster, device = TABLET) =>
    pickableProfiles(given, device).map((entry) => {
      return `${entry.displayName}${entry.passcodeRequired ? ' passcode' : ''}${entry.assigned ? ' own' : ''}`;
    });

  it.each([
    ['its own and those with a passcode', roster([GUEST, LOCKED_GUEST].slice(1).concat(KIDS, ANNA)), ['Kids own', 'Guest passcode']],
    ['a passcode of its own only where it is asked', roster([STRICT_KIDS]), ['Kids passcode own']],
    ['no passcode where it isn’t asked', roster([LOCKED_KIDS]), ['Kids own']],
    ['shared views', roster([KIDS, OPEN_GUEST]), ['Kids own', 'Guest']],
    ['the operator’s where it has none of its own', roster([ANNA]), ['Operator own']],
    ['the default in the operator’s place', roster([ANNA, GUEST], id(2)), ['Guest own']],
  ])('P3.4: %s', (_case, given, expected) => {
    expect(picks(given)).toEqual(expected);
  });

  it('P3.4: fits into one ProfileList when the roster is full', () => {
    const full = Array.from({ length: 63 }, (_, index) => profile({ id: id(index + 1), passcode: SOME_PASSCODE }));
    expect(pickableProfiles(roster(full), STRANGER)).toHaveLength(64);
  });
});

/** Everything that an operator can do to profiles and devices. */
const change = fc.oneof(
  fc.record({ do: fc.constant('assign' as const), profile: fc.nat(3), device: fc.nat(3) }),
  fc.record({ do: fc.constant('unassign' as const), device: fc.nat(3) }),
  fc.record({ do: fc.constant('default' as const), profile: fc.option(fc.nat(4)) }),
  fc.record({ do: fc.constant('remove' as const), profile: fc.nat(3) }),
  fc.record({
    do: fc.constant('write' as const),
    profile: fc.nat(3),
    devices: fc.uniqueArray(fc.nat(3), { maxLength: 4 }),
    hasPasscode: fc.boolean(),
    even: fc.boolean(),
    shared: fc.boolean(),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function apply(given: Roster, step: Change): Roster {
  switch (step.do) {
    case 'assign':
      return given.profiles.has(id(step.profile)) ? withDevice(given, id(step.profile), phone(step.device)) : given;
    case 'unassign':
      return withoutDevice(given, phone(step.device));
    case 'default':
      return { ...given, defaultId: step.profile === null ? undefined : id(step.profile) };
    case 'remove':
      return withoutProfile(given, id(step.profile));
    case 'write':
      return withProfile(
        given,
        profile({
          id: id(step.profile),
          assigned_fingerprints: step.devices.map(phone),
          require_passcode_even_when_assigned: step.even,
          allow_shared_view: step.shared,
          ...(step.hasPasscode ? { passcode: SOME_PASSCODE } : {}),
        }),
      );
    default:
      return step satisfies never;
  }
}

describe('whatever the operator did before', () => {
  const history = fc.array(change, { maxLength: 25 });
  const wish = fc.option(fc.oneof(fc.nat(4).map(id), fc.constant(OPERATOR)), { nil: undefined });

  it('P3.1: nobody unassigned names a way into a profile without passcode and shared view, and nobody gets past a passcode', () => {
    fc.assert(
      fc.property(history, fc.nat(3).map(phone), wish, (steps, device, requested) => {
        const given = steps.reduce(apply, EMPTY_ROSTER);
        const resolution = resolve(given, device, requested);
        if (resolution.outcome !== 'granted') return;
        const { profile: entered, via } = resolution;
        const assigned = entered.assigned_fingerprints.includes(device);
        expect(assigned).toBe(via === 'assigned');
        // Past a passcode only the profile's own devices come, and only where it doesn't ask even them.
        if (entered.passcode !== undefined) expect(assigned).toBe(true);
        expect(entered.require_passcode_even_when_assigned).toBe(false);
        if (!assigned && !entered.allow_shared_view) {
          // What is left is the place of those who have none of their own (row 2).
          expect(homeOf(given, device)).toBeUndefined();
          const standard = given.defaultId === undefined ? undefined : given.profiles.get(given.defaultId);
          expect(entered.id).toBe(standard?.id ?? OPERATOR);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('P1.5, P3.4: a device is in at most one profile, and may pick exactly what it isn’t denied', () => {
    fc.assert(
      fc.property(history, fc.nat(3).map(phone), (steps, device) => {
        const given = steps.reduce(apply, EMPTY_ROSTER);
        const homes = [...given.profiles.values()].filter((one) => one.assigned_fingerprints.includes(device));
        expect(homes.length).toBeLessThanOrEqual(1);
        expect(homes[0]?.id).toBe(homeOf(given, device)?.id);
        const pickable = pickableProfiles(given, device).map((entry) => entry.id);
        const all = [OPERATOR, ...given.profiles.keys()];
        const allowed = all.filter((one) => resolve(given, device, one).outcome !== 'denied');
        expect([...pickable].sort()).toEqual([...allowed].sort());
      }),
      { numRuns: 500 },
    );
  });
});

import { OPERATOR } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { id, phone, profile } from '../testing/profiles.ts';
import type { OsAccount } from './profile.ts';
import { accountKey, profileRecord, sameAccount } from './profile.ts';
import { EMPTY_ROSTER, homeOf, PROFILES_MAX, placeOf, rosterOf, withDevice, withoutDevice, withoutProfile, withProfile } from './roster.ts';

const TABLET = phone(1);
const kids = profile({ id: id(1), assigned_fingerprints: [TABLET] });
const guest = profile({ id: id(2), display_name: 'Guest' });
const linux = (username: string, uid?: number): OsAccount => ({ kind: 'linux', username, ...(uid === undefined ? {} : { uid }) });
const windows = (account_name: string, sid?: string): OsAccount => ({
  ...{ kind: 'windows', account_name, credential: { source: 'none' } },
  ...(sid === undefined ? {} : { sid }),
});

describe('a roster', () => {
  it('P1.5: a device that two profiles list belongs to the last', () => {
    const roster = rosterOf([kids, { ...guest, assigned_fingerprints: [TABLET, phone(2)] }], undefined);
    expect(homeOf(roster, TABLET)?.id).toBe(id(2));
    expect(roster.profiles.get(id(1))?.assigned_fingerprints).toEqual([]);
  });

  it('P1.5: assigning moves', () => {
    const roster = withDevice(rosterOf([kids, guest], undefined), id(2), TABLET);
    expect([...roster.profiles.values()].map((one) => one.assigned_fingerprints)).toEqual([[], [TABLET]]);
    expect(withDevice(roster, id(2), TABLET)).toBe(roster);
  });

  it('P1.5: a profile that is written takes its devices from the others', () => {
    const roster = withProfile(rosterOf([kids, guest], undefined), { ...guest, assigned_fingerprints: [TABLET] });
    expect(homeOf(roster, TABLET)?.id).toBe(id(2));
    // Also where it stands before the profile that had them.
    const back = withProfile(roster, kids);
    expect(homeOf(back, TABLET)?.id).toBe(id(1));
  });

  it('P1.8: a profile that goes takes the default and its assignments with it', () => {
    const roster = withoutProfile(rosterOf([kids, guest], id(1)), id(1));
    expect([roster.defaultId, homeOf(roster, TABLET), roster.profiles.size]).toEqual([undefined, undefined, 1]);
    expect(withoutProfile(rosterOf([kids, guest], id(1)), id(2)).defaultId).toBe(id(1));
  });

  it('P1.8: an unassigned device has no place of its own', () => {
    const roster = withoutDevice(rosterOf([kids], undefined), TABLET);
    expect(placeOf(roster, TABLET).id).toBe(OPERATOR);
    expect(withoutDevice(roster, TABLET)).toBe(roster);
  });

  it.each([
    ['an id twice', [kids, { ...guest, id: id(1) }], 'message.malformed'],
    ['the reserved id', [{ ...kids, id: OPERATOR }], 'message.malformed'],
    [
      'one uid twice',
      [profile({ os_account: linux('a', 1001) }), profile({ id: id(2), os_account: linux('b', 1001) })],
      'profile.account-taken',
    ],
    ['one name twice', [profile({ os_account: linux('a') }), profile({ id: id(2), os_account: linux('a', 5) })], 'profile.account-taken'],
  ])('P1.5: %s is refused', (_case, profiles, code) => {
    expect(() => rosterOf(profiles, undefined)).toThrow(expect.objectContaining({ code }));
  });

  it('P1.5: a profile may keep its own account, and many may share the operator’s', () => {
    const anna = profile({ os_account: linux('anna', 1001) });
    const roster = rosterOf(
      [anna, kids, guest].map((one, index) => ({ ...one, id: id(index) })),
      undefined,
    );
    expect(withProfile(roster, { ...anna, id: id(0), display_name: 'Anna' }).profiles.get(id(0))?.display_name).toBe('Anna');
    expect(() => withProfile(roster, { ...anna, id: id(9) })).toThrow(expect.objectContaining({ code: 'profile.account-taken' }));
  });

  it('P5.2: has room for what one list carries', () => {
    let roster = EMPTY_ROSTER;
    for (let number = 0; number < PROFILES_MAX; number += 1) roster = withProfile(roster, profile({ id: id(number) }));
    expect(() => withProfile(roster, profile({ id: id(99) }))).toThrow('the most');
    expect(withProfile(roster, profile({ id: id(3), display_name: 'Three' })).profiles.size).toBe(PROFILES_MAX);
  });

  it('P1.5: a profile has at most 64 devices', () => {
    const full = profile({ assigned_fingerprints: Array.from({ length: 64 }, (_, index) => phone(index + 100)) });
    expect(() => withDevice(rosterOf([full], undefined), full.id, TABLET)).toThrow('the most');
    expect(() => withDevice(EMPTY_ROSTER, id(1), TABLET)).toThrow(RangeError);
  });
});

describe('an account', () => {
  it.each([
    [linux('a', 1), linux('b', 1), true],
    [linux('a', 1), linux('a'), true],
    [linux('a'), linux('b'), false],
    [linux('a', 1), linux('b', 2), false],
    [windows('.\\Kid'), windows('.\\kid'), true],
    [windows('.\\a', 'S-1-5-21'), windows('.\\b', 's-1-5-21'), true],
    [windows('.\\a'), windows('.\\b'), false],
    [linux('a'), windows('a'), false],
    [{ kind: 'operator' }, { kind: 'operator' }, false],
  ] as const)('P1.5: %j and %j are one: %s', (one, other, same) => {
    expect([sameAccount(one, other), sameAccount(other, one)]).toEqual([same, same]);
  });

  it.each([
    [{ kind: 'operator' }, undefined],
    [linux('kid', 1001), 'linux:1001'],
    [linux('kid'), 'linux-name:kid'],
    [windows('.\\Kid'), 'windows-name:.\\kid'],
    [windows('.\\Kid', 's-1-5'), 'windows:S-1-5'],
  ] as const)('P6.6: the seat of %j is %s', (account, key) => {
    expect(accountKey(account)).toBe(key);
  });
});

it('P8.1: what others see of a profile has no hash', () => {
  const record = profileRecord({ ...kids, passcode: { phc: 'secret' } }, id(1));
  expect(record).toMatchObject({ has_passcode: true, is_default: true, display_name: 'Kids' });
  expect(JSON.stringify(record)).not.toContain('secret');
  expect(profileRecord(kids, undefined)).toMatchObject({ has_passcode: false, is_default: false });
});

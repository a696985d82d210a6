import { accountName } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { ineligible, type SystemAccount } from './eligibility.ts';

const UID_MIN = 1000;
const TODAY = 20_000;

function kid(overrides: Partial<SystemAccount> = {}): SystemAccount {
  return { name: accountName('kid'), uid: 1001, gid: 1001, home: '/home/kid', isMember: true, expiryDay: undefined, ...overrides };
}

describe('who may be opened', () => {
  it.each([
    ['a member of the group', kid(), undefined],
    ['the first ordinary uid', kid({ uid: 1000 }), undefined],
    ['a uid of a directory service', kid({ uid: 1_943_200_500 }), undefined],
    ['an account that expires tomorrow', kid({ expiryDay: TODAY + 1 }), undefined],
    ['root, though a member', kid({ uid: 0 }), 'SystemAccount'],
    ['a service, though a member', kid({ uid: 999 }), 'SystemAccount'],
    ['nobody', kid({ uid: 65_534 }), 'SystemAccount'],
    ['the uid that means none', kid({ uid: 0xffff_ffff }), 'SystemAccount'],
    ['somebody outside the group', kid({ isMember: false }), 'NotMember'],
    ['an account that expires today', kid({ expiryDay: TODAY }), 'Expired'],
    ['an account that expired long ago', kid({ expiryDay: 1 }), 'Expired'],
    ['root first, before anything about it is told', kid({ uid: 0, isMember: false, expiryDay: 1 }), 'SystemAccount'],
  ] as const)('B4: %s', (_who, account, refusal) => {
    expect(ineligible(account, UID_MIN, TODAY)).toBe(refusal);
  });
});

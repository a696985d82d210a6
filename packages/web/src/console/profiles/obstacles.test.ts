import type { OsAccount, OsAccountCandidate } from '@usher/sdk/api';
import { describe, expect, it } from 'vitest';
import { type Obstacle, obstaclesOf, type Surroundings } from './obstacles.ts';

const LINUX: readonly OsAccountCandidate[] = [
  { username: 'op', platform: 'linux', is_operator: true, in_use: false },
  { username: 'kid', platform: 'linux', is_operator: false, in_use: true },
  { username: 'shut', platform: 'linux', is_operator: false, in_use: true, eligible: false, remedy: 'sudo usermod -aG usher-users shut' },
  { username: 'open', platform: 'linux', is_operator: false, in_use: true, eligible: true },
];
const WINDOWS: readonly OsAccountCandidate[] = [{ username: '.\\op', platform: 'windows', is_operator: true, in_use: false }];
const KID: OsAccount = { kind: 'linux', username: 'kid', uid: 1001 };
const GONE: OsAccount = { kind: 'linux', username: 'gone' };
const BOB: OsAccount = { kind: 'windows', account_name: '.\\bob', credential: { source: 'none' } };
const SEALED: OsAccount = { kind: 'windows', account_name: '.\\bob', credential: { source: 'dpapi_blob', path: 'cred/0123456789ab.bin' } };

describe('what stands in the way of a profile', () => {
  it.each<[string, OsAccount, Surroundings, readonly Obstacle[]]>([
    ['nothing, on the operator’s desktop', { kind: 'operator' }, { isolating: false, accounts: LINUX }, []],
    ['nothing, where the host opens accounts', KID, { isolating: true, accounts: LINUX }, []],
    ['the missing broker', KID, { isolating: false, accounts: LINUX }, ['no-broker']],
    ['an account that isn’t there, before the broker', GONE, { isolating: false, accounts: LINUX }, ['no-account', 'no-broker']],
    [
      'root, who hasn’t said that it may be opened',
      { kind: 'linux', username: 'shut' },
      { isolating: true, accounts: LINUX },
      ['not-eligible'],
    ],
    ['nothing, once root has', { kind: 'linux', username: 'open' }, { isolating: true, accounts: LINUX }, []],
    ['an account of another system, which no broker helps', BOB, { isolating: false, accounts: LINUX }, ['other-system', 'no-credential']],
    ['a Linux account on Windows', KID, { isolating: false, accounts: WINDOWS }, ['other-system']],
    ['a missing credential on Windows', BOB, { isolating: true, accounts: WINDOWS }, ['no-credential']],
    ['nothing, with a credential', SEALED, { isolating: true, accounts: WINDOWS }, []],
    ['nothing that isn’t known', GONE, { isolating: undefined, accounts: undefined }, []],
  ])('P8.4: %s', (_what, account, surroundings, expected) => {
    expect(obstaclesOf(account, surroundings)).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { profile } from '../../../domain/testing/profiles.ts';
import { revisionOf } from './revision.ts';

const record = { ...profile(), has_passcode: false, is_default: false };

describe('the revision of a profile', () => {
  it('P8.1: is the same however the profile came about', () => {
    const { id, session_defaults, ...rest } = { ...record, session_defaults: { max_width: 800, max_height: 600 } };
    const { max_width, max_height } = session_defaults;
    const other = { session_defaults: { max_height, max_width }, ...rest, id };
    expect(Object.keys(other)).not.toEqual(Object.keys(record));
    expect(revisionOf(other)).toBe(revisionOf({ ...record, session_defaults }));
    expect(revisionOf(record)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['a name', { display_name: 'Children' }],
    ['a passcode', { has_passcode: true }],
    ['the default', { is_default: true }],
    ['the order of titles', { library_scope: { mode: 'allow', ids: ['b', 'a'] } }],
    ['a limit', { session_defaults: { max_width: 801 } }],
    ['an account', { os_account: { kind: 'linux', username: 'anna' } }],
  ] as const)('P8.1: is another with %s', (_what, change) => {
    const before = { ...record, library_scope: { mode: 'allow' as const, ids: ['a', 'b'] }, session_defaults: { max_width: 800 } };
    expect(revisionOf({ ...before, ...change })).not.toBe(revisionOf(before));
  });
});

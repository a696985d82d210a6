import type { ProfileAdmin } from '@usher/sdk/api';
import { describe, expect, it } from 'vitest';
import { draftOf, EMPTY_DRAFT, inputOf, lines, numberIn, saysTheSame } from './draft.ts';

const FULL: ProfileAdmin = {
  id: '0123456789ab',
  display_name: 'Kids',
  accent: 'plum',
  avatar: '🦉',
  os_account: { kind: 'linux', username: 'kid', uid: 1001 },
  assigned_fingerprints: ['ab'.repeat(32)],
  has_passcode: true,
  require_passcode_even_when_assigned: true,
  allow_shared_view: true,
  allow_takeover: true,
  tvos_user_ids: ['tv-1', 'tv-2'],
  library_scope: { mode: 'allow', ids: ['steam:570'] },
  custom_entries: [
    { id: 'c1', title: 'Homework', art: { portrait: 'https://example.org/p.png' }, launch: { kind: 'command', value: 'write' } },
  ],
  session_defaults: {
    max_width: 1280,
    max_height: 720,
    max_refresh_hz: 30,
    max_bitrate_kbps: 2500,
    compositor: 'gamescope',
    gamepad: 'xbox',
  },
  is_default: false,
  created_unix: 1,
  updated_unix: 2,
  revision: 'ab'.repeat(16),
};

describe('a profile in the form', () => {
  it('P8.4: that is saved unchanged keeps every field', () => {
    const { id: _id, has_passcode: _passcode, is_default: _default, created_unix: _created, updated_unix: _updated, ...rest } = FULL;
    const { revision: _revision, ...fields } = rest;
    expect(inputOf(draftOf(FULL), FULL.assigned_fingerprints)).toEqual(fields);
  });

  it('P8.4: that is empty asks for nothing', () => {
    expect(inputOf({ ...EMPTY_DRAFT, name: ' Ada ' }, [])).toEqual({
      display_name: 'Ada',
      accent: '',
      avatar: '',
      os_account: { kind: 'operator' },
      assigned_fingerprints: [],
      require_passcode_even_when_assigned: false,
      allow_shared_view: false,
      allow_takeover: false,
      tvos_user_ids: [],
      library_scope: { mode: 'all' },
      custom_entries: [],
      session_defaults: {},
    });
  });

  it('P8.4: is changed by what would be saved, not by blanks or by titles that no longer count', () => {
    const draft = draftOf(FULL);
    expect(saysTheSame(draft, { ...draft, name: 'Kids  ', tvUsers: 'tv-1\n\n tv-2' })).toBe(true);
    expect(saysTheSame(draft, { ...draft, name: 'Teens' })).toBe(false);
    const all = { ...draft, scope: { mode: 'all' as const, ids: ['steam:570'] } };
    expect(saysTheSame(all, { ...all, scope: { mode: 'all', ids: [] } })).toBe(true);
  });

  it.each([
    ['', undefined],
    ['  ', undefined],
    ['2.5', 2.5],
    ['2,5', 2.5],
    ['many', Number.NaN],
  ])('P8.4: the number in "%s" is %s', (text, expected) => {
    expect(numberIn(text)).toBe(expected);
  });

  it('P8.4: a list has one entry a line, each once', () => {
    expect(lines(' a \n\nb\na')).toEqual(['a', 'b']);
  });
});

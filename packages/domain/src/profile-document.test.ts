import { Reader } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { phone } from '../testing/profiles.ts';
import { readProfileInput } from './profile-document.ts';

const LEAST = { display_name: 'Kids', os_account: { kind: 'linux', username: 'kid' } };
const WINDOWS = { kind: 'windows', account_name: '.\\kid' };
const read = (body: object) => readProfileInput(Reader.of({ ...LEAST, ...body }, 'profile'));

describe('what the operator says about a profile', () => {
  it('P1.1: what is left out is the safe choice', () => {
    expect(read({})).toEqual({
      display_name: 'Kids',
      os_account: { kind: 'linux', username: 'kid' },
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

  it('P1.1: parts of a part may be left out too', () => {
    const custom_entries = [
      { id: 'a', title: 'A' },
      { id: 'b', title: 'B', art: {} },
    ];
    expect(read({ custom_entries, session_defaults: {} })).toMatchObject({
      custom_entries: [
        { id: 'a', title: 'A', art: {} },
        { id: 'b', title: 'B', art: {} },
      ],
      session_defaults: {},
    });
  });

  it.each([
    [{ accent: '#12aBcd' }],
    [{ accent: 'moss-2' }],
    [{ avatar: '🦊' }],
    [{ avatar: 'https://example.org/fox.png' }],
    [{ avatar: 'data:image/png;base64,AA==' }],
    [{ os_account: { kind: 'operator' } }],
    [{ os_account: { kind: 'linux', username: 'kid', uid: 1001 } }],
    [{ os_account: { ...WINDOWS, sid: 'S-1-5-21-1', credential: { source: 'none' } } }],
    [{ os_account: { ...WINDOWS, credential: { source: 'credential_manager', target: 'usher' } } }],
    [{ os_account: { ...WINDOWS, credential: { source: 'lsa_secret', key: 'L$usher' } } }],
    [{ os_account: { ...WINDOWS, credential: { source: 'dpapi_blob', path: 'cred/0123456789ab.bin' } } }],
    [{ assigned_fingerprints: [phone(1)], require_passcode_even_when_assigned: true, allow_shared_view: true, allow_takeover: true }],
    [{ library_scope: { mode: 'all' } }],
    [{ tvos_user_ids: ['x'], library_scope: { mode: 'deny', ids: ['steam:1'] } }],
    [
      {
        custom_entries: [
          { id: 'a', title: 'A', art: { portrait: 'p', hero: 'h', logo: 'l', header: 'e' }, launch: { kind: 'command', value: 'a' } },
        ],
      },
    ],
    [
      {
        session_defaults: {
          max_width: 1920,
          max_height: 1080,
          max_refresh_hz: 30,
          max_bitrate_kbps: 4000,
          compositor: 'gamescope',
          gamepad: 'auto',
        },
      },
    ],
  ])('P1.1: %j is read as it is', (body) => {
    expect(read(body)).toMatchObject(body);
  });

  it('P1.1: empty texts of a form are none, equal items are one, a Windows account without credential has none', () => {
    expect(read({ accent: '', avatar: '' })).not.toHaveProperty('accent');
    expect(read({ assigned_fingerprints: [phone(1).toUpperCase(), phone(1)] }).assigned_fingerprints).toEqual([phone(1)]);
    expect(read({ library_scope: { mode: 'allow', ids: ['a', 'a'] } }).library_scope).toEqual({ mode: 'allow', ids: ['a'] });
    expect(read({ os_account: WINDOWS }).os_account).toMatchObject({ credential: { source: 'none' } });
    expect(read({ custom_entries: [{ id: 'a', title: 'A' }] }).custom_entries).toEqual([{ id: 'a', title: 'A', art: {} }]);
  });

  it.each([
    ['display_name', { display_name: ' ' }],
    ['display_name', { display_name: 'x'.repeat(65) }],
    ['display_name', { display_name: 'ki\u202eds' }],
    ['display_name', { display_name: 'ki\nds' }],
    ['accent', { accent: 'url(x)' }],
    ['avatar', { avatar: 'javascript:alert(1)' }],
    ['avatar', { avatar: 'data:text/html,x' }],
    ['os_account', { os_account: { kind: 'root' } }],
    ['os_account', { os_account: 'operator' }],
    ['username', { os_account: { kind: 'linux', username: '--help' } }],
    ['username', { os_account: { kind: 'linux', username: '../root' } }],
    ['uid', { os_account: { kind: 'linux', username: 'kid', uid: 0 } }],
    ['sid', { os_account: { ...WINDOWS, sid: 'S-2' } }],
    ['path', { os_account: { ...WINDOWS, credential: { source: 'dpapi_blob', path: '../../key' } } }],
    ['source', { os_account: { ...WINDOWS, credential: { source: 'plain', password: 'x' } } }],
    ['fingerprint', { assigned_fingerprints: ['xyz'] }],
    ['ids', { library_scope: { mode: 'allow' } }],
    ['title', { custom_entries: [{ id: 'a' }] }],
    ['max_width', { session_defaults: { max_width: 100 } }],
    ['compositor', { session_defaults: { compositor: 'weston' } }],
  ])('P1.4: a wrong %s is refused: %j', (name, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'message.malformed' }));
    expect(() => read(body)).toThrow(name);
  });

  it.each(['kwin', 'mutter', 'wlroots'])('P1.6: %s is for operator profiles', (compositor) => {
    expect(() => read({ session_defaults: { compositor } })).toThrow('only an operator profile');
    expect(read({ os_account: { kind: 'operator' }, session_defaults: { compositor } }).session_defaults).toEqual({ compositor });
  });
});

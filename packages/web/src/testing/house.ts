import type { AuditEntry, GameEntry, PairedClient, ProfileAdmin, Session } from '@usher/sdk/api';
import type { FakeHostState } from './fake-host.ts';
import { SHELF } from './usb-shelf.ts';

/** A family's host, as the stories show it. Times count from now: pages say "three hours ago". */
export const now = Math.floor(Date.now() / 1000);

const print = (start: string) => start.padEnd(64, '3a5c9e7b');
const LAPTOP = print('3f9a71c2be04d855');
export const PHONE = print('91d0c7a2548e63fb');
const TELEVISION = print('c02fe1874ba9d636');
const TABLET = print('5b7710e9ac38f214');

const DEVICES: readonly PairedClient[] = [
  { fingerprint: LAPTOP, name: 'Ada’s laptop', paired_unix: now - 40 * 86_400, connected: true },
  { fingerprint: PHONE, name: 'Safari, iPhone', paired_unix: now - 3 * 3600, connected: false },
  { fingerprint: TELEVISION, name: 'Television in the living room', paired_unix: now - 2 * 86_400, connected: true },
];

export const profile = (overrides: Partial<ProfileAdmin>): ProfileAdmin => ({
  id: '0123456789ab',
  display_name: 'Ada Lovelace',
  os_account: { kind: 'linux', username: 'ada', uid: 1001 },
  assigned_fingerprints: [],
  has_passcode: false,
  require_passcode_even_when_assigned: false,
  allow_shared_view: false,
  allow_takeover: false,
  tvos_user_ids: [],
  library_scope: { mode: 'all' },
  custom_entries: [],
  session_defaults: {},
  is_default: false,
  created_unix: now - 90_000,
  updated_unix: now - 3600,
  revision: 'b2'.repeat(16),
  ...overrides,
});

export const ADA = profile({ accent: 'plum', has_passcode: true, assigned_fingerprints: [LAPTOP] });
export const KIDS = profile({
  id: '1123456789ab',
  display_name: 'Kids',
  accent: 'ochre',
  avatar: '🦉',
  os_account: { kind: 'linux', username: 'kids', uid: 1002 },
  has_passcode: true,
  assigned_fingerprints: [TELEVISION],
  library_scope: { mode: 'allow', ids: ['steam:413150', 'desktop:gcompris', 'steam:620'] },
  custom_entries: [{ id: 'c1', title: 'Homework', art: {}, launch: { kind: 'command', value: 'libreoffice --writer ~/homework.odt' } }],
  session_defaults: { max_width: 1280, max_height: 720, max_refresh_hz: 30, max_bitrate_kbps: 4000, gamepad: 'xbox' },
});
const GUESTS = profile({
  id: '2123456789ab',
  display_name: 'Guests',
  accent: '#ffe066',
  os_account: { kind: 'operator' },
  allow_shared_view: true,
  is_default: true,
});
export const BOB = profile({
  id: '3123456789ab',
  display_name: 'Bob from the office',
  accent: 'sea',
  os_account: { kind: 'windows', account_name: 'OFFICE\\bob', credential: { source: 'none' } },
});
const LONG = profile({
  id: '4123456789ab',
  display_name: 'Wilhelmina-Friederike Oberhofmarschallin von und zu Hohenstein',
  accent: 'moss',
  os_account: { kind: 'linux', username: 'wilhelmina-friederike.oberhofmarschallin', uid: 1009 },
});

const SESSIONS: readonly Session[] = [
  {
    ...{ session_id: '0011223344556677', profile_id: ADA.id, display_name: ADA.display_name, os_account: ADA.os_account, backend: 'xvfb' },
    ...{ client_fp: LAPTOP, device_name: 'Ada’s laptop', started_unix: now - 1500 },
    ...{ codec: 'h264', width: 1920, height: 1080, bitrate_kbps: 4200, rtt_ms: 3 },
  },
  {
    ...{
      session_id: '8899aabbccddeeff',
      profile_id: 'operator',
      display_name: 'Operator',
      os_account: { kind: 'operator' },
      backend: 'xvfb',
    },
    ...{ client_fp: TELEVISION, device_name: 'Television in the living room', started_unix: now - 22 },
    ...{ codec: 'vp8', width: 1920, height: 1080, bitrate_kbps: 900 },
  },
];

const TITLES: readonly GameEntry[] = [
  ['steam:620', 'Portal 2'],
  ['steam:413150', 'Stardew Valley'],
  ['steam:570', 'Dota 2'],
  ['desktop:firefox', 'Firefox'],
  ['desktop:gcompris', 'GCompris'],
  ['desktop:gimp', 'GNU Image Manipulation Program'],
  ['desktop:libreoffice-writer', 'LibreOffice Writer'],
].map(([id = '', title = '']) => ({ id, store: id.split(':')[0] ?? '', title, art: {} }));

const EVENTS: readonly (readonly [string, string, string | undefined, AuditEntry['fields']])[] = [
  ['profile.resolved', `device:${LAPTOP}`, ADA.id, { outcome: 'granted', via: 'assigned' }],
  ['session.began', `device:${LAPTOP}`, ADA.id, { session: '0011223344556677' }],
  ['passcode.attempt', `device:${PHONE}`, KIDS.id, { result: 'wrong', failures_so_far: 2 }],
  ['profile.device-assigned', 'operator', KIDS.id, { device: TELEVISION }],
  ['profile.passcode-set', 'operator', KIDS.id, undefined],
  ['profile.created', 'operator', KIDS.id, { kind: 'linux' }],
  ['device.paired', 'operator', undefined, { device: TELEVISION, how: 'approved' }],
  ['pairing.wrong-pin', `device:${TABLET}`, undefined, undefined],
  ['pairing.armed', 'operator', undefined, { seconds: 120 }],
  ['audit.torn-line', 'host', undefined, { bytes: 12 }],
];

/** `count` entries, the newest first. */
export function auditEntries(count: number): readonly AuditEntry[] {
  return Array.from({ length: count }, (_, at) => {
    const [event, principal, about, fields] = EVENTS[at % EVENTS.length] ?? ['audit.lost', 'host', undefined, undefined];
    const seq = count - 1 - at;
    return {
      ...{ seq, unix: now - 47 * at, event, principal, prev: '0'.repeat(64), hash: 'f'.repeat(64) },
      ...(about === undefined ? {} : { profile: about }),
      ...(fields === undefined ? {} : { fields }),
    };
  });
}

/** A host with people in it. */
export const FULL: FakeHostState = {
  signedIn: true,
  host: {
    version: '0.1.0',
    name: 'atelier',
    fingerprint: '7c4f19e2a05bd833'.padEnd(64, '66f10c9b'),
    url: 'https://atelier.local:9939/',
    uptime_seconds: 187_000,
    sessions: 0,
    paired_devices: 0,
    pending: 0,
    usb: { enabled: true, running: true, backend: 'sim' },
    isolating_profiles: true,
    problems: [],
  },
  sessions: SESSIONS,
  devices: DEVICES,
  pending: [
    { id: 'k1', name: 'Firefox, Windows', fingerprint: TABLET, address: '192.168.1.23', since_unix: now - 40, expires_unix: now + 560 },
  ],
  profiles: [ADA, KIDS, GUESTS, BOB, LONG],
  accounts: [
    { username: 'operator', uid: 1000, full_name: 'Olga Petrova', platform: 'linux', is_operator: true, in_use: false },
    { username: 'ada', uid: 1001, full_name: 'Ada Lovelace', platform: 'linux', is_operator: false, in_use: true },
    { username: 'kids', uid: 1002, platform: 'linux', is_operator: false, in_use: true },
    { username: 'wilhelmina-friederike.oberhofmarschallin', uid: 1009, platform: 'linux', is_operator: false, in_use: true },
    { username: 'sam', uid: 1010, full_name: 'Sam', platform: 'linux', is_operator: false, in_use: false },
  ],
  titles: TITLES,
  audit: auditEntries(10),
  verdict: { ok: true, entries: 1204, first_seq: 0, faults: [] },
  usb: SHELF,
};

/** The same host on its first day. */
export const EMPTY: FakeHostState = {
  ...FULL,
  host: { ...FULL.host, usb: { enabled: false, running: false }, isolating_profiles: false },
  ...{ sessions: [], devices: [], pending: [], profiles: [], titles: [], audit: [] },
  accounts: FULL.accounts.map((account) => ({ ...account, in_use: false })),
};

/** As many profiles as a host keeps, and more titles than anybody reads. */
export const CROWDED: FakeHostState = {
  ...FULL,
  profiles: Array.from({ length: 63 }, (_, at) =>
    profile({
      id: String(at).padStart(12, '0'),
      display_name: `Pupil ${at + 1}`,
      accent: ['pine', 'sea', 'plum', 'rose', 'clay', 'ochre', 'moss', 'slate'][at % 8] ?? 'pine',
      os_account: { kind: 'linux', username: `pupil${at + 1}`, uid: 2000 + at },
      has_passcode: at % 3 === 0,
    }),
  ),
  accounts: [
    ...FULL.accounts.slice(0, 1),
    ...Array.from({ length: 63 }, (_, at) => ({
      ...{ username: `pupil${at + 1}`, uid: 2000 + at, platform: 'linux' as const, is_operator: false, in_use: true },
    })),
  ],
  titles: Array.from({ length: 3000 }, (_, at) => ({ id: `steam:${at}`, store: 'steam', title: `Title ${at}`, art: {} })),
};

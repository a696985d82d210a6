import { profileRecord } from '@usher/domain';
import { type BrokerRefusal, CodedError, Reader } from '@usher/protocol';
import type { InjectOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import {
  auditEntry,
  FakeAuditLog,
  FakeLibrary,
  FakeOsAccounts,
  FakeProfiles,
  HASH,
  KIDS,
  profile,
} from '../../../testing/fake-profile-services.ts';
import { FakePairedDevices, FakeSessions, LAPTOP, pairedDevice, session, TELEVISION } from '../../../testing/fake-services.ts';
import { StoryKey } from '../../../testing/story.ts';
import { openDeviceToken, recordingLog, TOKEN, testApi } from '../../../testing/test-api.ts';
import { askEligibility } from '../../broker/eligibility.ts';
import { revisionOf } from '../../profiles/revision.ts';
import type { Api, ApiParts } from '../parts.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

let api: Api;
afterEach(() => api.close());

async function call(parts: Partial<ApiParts>, method: Method, url: string, payload?: InjectOptions['payload'], bearer = TOKEN) {
  api = await testApi(parts);
  return ask(method, url, payload, bearer);
}

async function ask(method: Method, url: string, payload?: InjectOptions['payload'], bearer = TOKEN) {
  const headers = { authorization: `Bearer ${bearer}` };
  const reply = await api.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  const body: unknown = reply.body === '' ? undefined : reply.json();
  return { status: reply.statusCode, body };
}

const WITH_PASSCODE = profile({ passcode: { phc: HASH }, assigned_fingerprints: [LAPTOP], accent: '#aabbcc' });
const CREDENTIAL = { account_name: '.\\kid', password: 'correct-horse', passcode: 'staple9' };
const INPUT = { display_name: 'Kids', os_account: { kind: 'linux', username: 'kid', uid: 1001 } };

describe('profiles', () => {
  it('P8.1: are listed with everything but the passcode', async () => {
    expect(await call({ profiles: new FakeProfiles([WITH_PASSCODE]) }, 'GET', '/api/v1/profiles')).toEqual({
      status: 200,
      body: [
        {
          id: KIDS,
          display_name: 'Kids',
          accent: '#aabbcc',
          os_account: { kind: 'linux', username: 'kid', uid: 1001 },
          assigned_fingerprints: [LAPTOP],
          has_passcode: true,
          require_passcode_even_when_assigned: false,
          allow_shared_view: false,
          allow_takeover: false,
          tvos_user_ids: [],
          library_scope: { mode: 'all' },
          custom_entries: [],
          session_defaults: {},
          is_default: false,
          created_unix: 1_800_000_000,
          updated_unix: 1_800_000_000,
          revision: revisionOf(profileRecord(WITH_PASSCODE, undefined)),
        },
      ],
    });
  });

  it('P8.1: are made from what the operator says, and shown at once', async () => {
    const input = {
      ...INPUT,
      accent: null,
      library_scope: { mode: 'deny', ids: ['steam:570'] },
      custom_entries: [{ id: 'ab12', title: 'Mine', launch: { kind: 'command', value: 'mine' } }],
      session_defaults: { max_width: 1920 },
    };
    const { status, body } = await call({}, 'POST', '/api/v1/profiles', input);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ id: 'ffeeddccbbaa', has_passcode: false, is_default: false, session_defaults: { max_width: 1920 } },
      library_scope: input.library_scope,
      custom_entries: [{ id: 'ab12', title: 'Mine', art: {}, launch: { kind: 'command', value: 'mine' } }],
    });
  });

  it.each([
    ['no name', { os_account: { kind: 'operator' } }, 'body.display_name'],
    ['an unknown field', { ...INPUT, passcode: '1234' }, 'body'],
    ['another kind of account', { ...INPUT, os_account: { kind: 'root' } }, 'body.os_account'],
    [
      "a compositor of the operator's desktop",
      { ...INPUT, session_defaults: { compositor: 'kwin' } },
      'profile.session_defaults.compositor',
    ],
    ['a fingerprint that is none', { ...INPUT, assigned_fingerprints: ['laptop'] }, 'fingerprint'],
  ])('P1.6: %s makes none', async (_name, input, where) => {
    const profiles = new FakeProfiles();
    const { body } = await call({ profiles }, 'POST', '/api/v1/profiles', input);
    expect(body).toMatchObject({ status: 400, code: 'message.malformed' });
    expect(JSON.stringify(body)).toContain(where);
    expect(profiles.list()).toEqual([]);
  });

  it('P8.1: a picture and a long scope fit into one request', async () => {
    const ids = Array.from({ length: 4000 }, (_, index) => `steam:${100_000 + index}`);
    const input = { ...INPUT, avatar: `data:image/png;base64,${'A'.repeat(30_000)}`, library_scope: { mode: 'allow', ids } };
    expect((await call({}, 'POST', '/api/v1/profiles', input)).status).toBe(201);
    expect((await ask('POST', '/api/v1/profiles', { ...input, avatar: 'A'.repeat(600_000) })).status).toBe(413);
  });

  it('P1.7: are read and replaced by id', async () => {
    const profiles = new FakeProfiles([profile()]);
    expect((await call({ profiles }, 'GET', `/api/v1/profiles/${KIDS}`)).body).toMatchObject({ display_name: 'Kids' });
    const { status, body } = await ask('PUT', `/api/v1/profiles/${KIDS}`, { ...INPUT, display_name: 'Teens' });
    expect([status, body]).toEqual([200, expect.objectContaining({ id: KIDS, display_name: 'Teens' })]);
  });

  it('P8.1: a change holds only for what was read, where the caller says what that was', async () => {
    api = await testApi({ profiles: new FakeProfiles([profile()]) });
    const url = `/api/v1/profiles/${KIDS}`;
    const put = (name: string, tag: string) =>
      api.inject({
        ...{ method: 'PUT', url, headers: { authorization: `Bearer ${TOKEN}`, 'if-match': tag } },
        payload: { ...INPUT, display_name: name },
      });
    const read = await api.inject({ method: 'GET', url, headers: { authorization: `Bearer ${TOKEN}` } });
    const tag = String(read.headers['etag']);
    expect(tag).toBe(`"${Reader.json(read.body, 'profile').string('revision')}"`);
    const first = await put('Teens', tag);
    expect([first.statusCode, first.headers['etag']]).toEqual([200, expect.not.stringContaining(tag)]);
    expect((await put('Toddlers', tag)).json()).toMatchObject({ status: 412, code: 'profile.changed' });
    expect((await ask('GET', url)).body).toMatchObject({ display_name: 'Teens' });
    expect((await put('Toddlers', `"no", ${String(first.headers['etag'])}`)).statusCode).toBe(200);
    expect((await put('Everybody', '*')).statusCode).toBe(200);
  });

  it.each([
    ['', 'refuse'],
    ['?running=refuse', 'refuse'],
    ['?running=end', 'end'],
  ])('P1.8: removing with %j says what becomes of sessions: %s', async (query, expected) => {
    const profiles = new FakeProfiles([profile()]);
    expect((await call({ profiles }, 'DELETE', `/api/v1/profiles/${KIDS}${query}`)).status).toBe(204);
    expect([profiles.removals, profiles.list()]).toEqual([[expected], []]);
  });

  it('P1.8: a removal that sessions forbid is a conflict', async () => {
    const profiles = new FakeProfiles([profile()]);
    profiles.remove = () => Promise.reject(new CodedError('profile.has-sessions', 'somebody is in'));
    const { body } = await call({ profiles }, 'DELETE', `/api/v1/profiles/${KIDS}`);
    expect(body).toMatchObject({ status: 409, code: 'profile.has-sessions' });
  });

  it.each([
    ['GET', '/api/v1/profiles/aaaaaaaaaaaa', undefined],
    ['PUT', '/api/v1/profiles/aaaaaaaaaaaa', INPUT],
    ['DELETE', '/api/v1/profiles/aaaaaaaaaaaa', undefined],
    ['POST', '/api/v1/profiles/aaaaaaaaaaaa/passcode', { passcode: null }],
    ['POST', '/api/v1/profiles/aaaaaaaaaaaa/windows-credential', CREDENTIAL],
    ['DELETE', '/api/v1/profiles/aaaaaaaaaaaa/windows-credential', undefined],
    ['POST', '/api/v1/profiles/aaaaaaaaaaaa/devices', { fingerprint: LAPTOP }],
    ['DELETE', `/api/v1/profiles/devices/${LAPTOP}`, undefined],
    ['PUT', '/api/v1/profiles/default', { profile_id: 'aaaaaaaaaaaa' }],
  ] as const)('P8.1: %s %s: what is not there is not found', async (method, url, payload) => {
    expect((await call({}, method, url, payload)).body).toMatchObject({ status: 404, code: 'api.not-found' });
  });

  it.each(['operator', 'KIDS', '0123456789AB', '0123456789abc'])('P1.4: %s is no id of a stored profile', async (id) => {
    expect((await call({}, 'GET', `/api/v1/profiles/${id}`)).status).toBe(400);
  });

  it('P1.5: devices are assigned and taken back, with 204', async () => {
    const profiles = new FakeProfiles([profile()]);
    expect((await call({ profiles }, 'POST', `/api/v1/profiles/${KIDS}/devices`, { fingerprint: TELEVISION })).status).toBe(204);
    expect(profiles.get(KIDS)?.assigned_fingerprints).toEqual([TELEVISION]);
    expect((await ask('DELETE', `/api/v1/profiles/devices/${TELEVISION}`)).status).toBe(204);
    expect(profiles.get(KIDS)?.assigned_fingerprints).toEqual([]);
  });

  it.each([null, 'operator'])('P3.2: a default of %j is the operator', async (none) => {
    const profiles = new FakeProfiles([profile()]);
    expect((await call({ profiles }, 'PUT', '/api/v1/profiles/default', { profile_id: KIDS })).status).toBe(204);
    expect(profiles.defaultId()).toBe(KIDS);
    expect((await ask('PUT', '/api/v1/profiles/default', { profile_id: none })).status).toBe(204);
    expect(profiles.defaultId()).toBeUndefined();
  });
});

describe('passcodes', () => {
  it('P2.4: are handed on as bytes, and cleared by null alone', async () => {
    const profiles = new FakeProfiles([profile()]);
    const url = `/api/v1/profiles/${KIDS}/passcode`;
    expect((await call({ profiles }, 'POST', url, { passcode: 'pässwort' })).status).toBe(204);
    expect((await ask('POST', url, { passcode: null })).status).toBe(204);
    expect(profiles.passcodes).toEqual(['pässwort', undefined]);
    for (const body of [{}, { passcode: '' }, { passcode: 1234 }]) expect((await ask('POST', url, body)).status).toBe(400);
    expect(profiles.passcodes).toHaveLength(2);
  });

  it('P2.4: are in no answer and in no line of the log, right or wrong', async () => {
    const { log, lines } = recordingLog();
    const profiles = new FakeProfiles([WITH_PASSCODE]);
    const paired = new FakePairedDevices([pairedDevice()]);
    api = await testApi({ profiles, paired, log, sessions: new FakeSessions([session({ profile: KIDS })]) });
    const secret = 'tr0ub4dor&3';
    const answers = [
      await ask('POST', `/api/v1/profiles/${KIDS}/passcode`, { passcode: secret }),
      await ask('POST', `/api/v1/profiles/${KIDS}/passcode`, { passcode: secret.repeat(50) }),
      await ask('POST', `/api/v1/profiles/${KIDS}/passcode`, { passcode: [secret] }),
      await ask('POST', `/api/v1/profiles/${KIDS}/passcode`, `{"passcode":"${secret}`),
      await ask('POST', '/api/v1/profiles', { ...INPUT, passcode: secret }),
      await ask('GET', '/api/v1/profiles'),
      await ask('GET', `/api/v1/profiles/${KIDS}`),
      await ask('GET', `/api/v1/profiles/enumerate?fingerprint=${LAPTOP}`),
      await ask('GET', '/api/v1/sessions'),
      await ask('GET', '/api/v1/host'),
    ];
    const seen = JSON.stringify([answers, lines]);
    expect(seen).not.toContain(secret);
    expect(seen).not.toContain('argon2');
  });
});

describe('a Windows password (requirement P10.1)', () => {
  const url = `/api/v1/profiles/${KIDS}/windows-credential`;

  it('P10.1: is refused by a host that is not on Windows, after everything else that is wrong', async () => {
    api = await testApi({ profiles: new FakeProfiles([profile()]) });
    const bodies = [{}, { ...CREDENTIAL, password: '' }, { ...CREDENTIAL, password: 'x'.repeat(257) }, { ...CREDENTIAL, sid: 'S-1' }];
    for (const body of bodies) expect((await ask('POST', url, body)).status).toBe(400);
    for (const body of [CREDENTIAL, { ...CREDENTIAL, passcode: null }, { account_name: 'kid', password: 'p' }]) {
      expect((await ask('POST', url, body)).body).toMatchObject({ status: 501, code: 'profile.needs-windows' });
    }
    expect((await ask('DELETE', url)).body).toMatchObject({ status: 501, code: 'profile.needs-windows' });
  });

  it('P2.4: is in no answer and in no line of the log', async () => {
    const { log, lines } = recordingLog();
    api = await testApi({ profiles: new FakeProfiles([profile()]), log });
    const answers = [
      await ask('POST', url, CREDENTIAL),
      await ask('POST', url, { ...CREDENTIAL, password: CREDENTIAL.password.repeat(50) }),
      await ask('POST', url, { ...CREDENTIAL, [CREDENTIAL.password]: [CREDENTIAL.passcode] }),
      await ask('POST', url, `{"password":"${CREDENTIAL.password}`),
      await ask('POST', url.replace(KIDS, 'aaaaaaaaaaaa'), CREDENTIAL),
    ];
    for (const secret of [CREDENTIAL.password, CREDENTIAL.passcode]) expect(JSON.stringify([answers, lines])).not.toContain(secret);
  });
});

describe('what a device sees', () => {
  const titles = ['steam:570', 'steam:620'].map((id) => ({ id, store: 'steam', title: id, art: {} }));
  const scoped = profile({
    ...{ assigned_fingerprints: [LAPTOP], library_scope: { mode: 'deny', ids: ['steam:570'] }, avatar: '🦊' },
    custom_entries: [{ id: 'ab12', title: 'Mine', art: {} }],
  });
  const phone = new StoryKey();
  const parts = () => ({
    profiles: new FakeProfiles([scoped]),
    paired: new FakePairedDevices([pairedDevice({ key: phone.spki })]),
    library: new FakeLibrary(titles),
  });

  it('P3.4: its roster: no accounts, no devices, no ids of others', async () => {
    api = await testApi(parts());
    const { body } = await ask('GET', '/api/v1/profiles/enumerate', undefined, await openDeviceToken(api, phone));
    expect(body).toEqual([{ id: KIDS, display_name: 'Kids', avatar: '🦊', requires_passcode: false, assigned: true }]);
  });

  it("P3.4: its own, whatever it asks for; the operator says whose, and a stranger's is empty", async () => {
    api = await testApi(parts());
    const url = '/api/v1/profiles/enumerate';
    const token = await openDeviceToken(api, phone);
    expect((await ask('GET', `${url}?fingerprint=${TELEVISION}`, undefined, token)).body).toMatchObject([{ id: KIDS }]);
    expect((await ask('GET', `${url}?fingerprint=${LAPTOP}`)).body).toMatchObject([{ id: KIDS }]);
    expect((await ask('GET', `${url}?fingerprint=${TELEVISION}`)).body).toEqual([]);
    expect((await ask('GET', url)).body).toMatchObject({ status: 400, code: 'message.malformed' });
  });

  it("P4.1: the library of its profile; the operator's is whole", async () => {
    api = await testApi(parts());
    const idsOf = ({ body }: { body: unknown }) => JSON.stringify(body).match(/(steam|custom):\w+(?=","store)/g);
    expect(idsOf(await ask('GET', '/api/v1/library', undefined, await openDeviceToken(api, phone)))).toEqual(['custom:ab12', 'steam:620']);
    expect(idsOf(await ask('GET', '/api/v1/library'))).toEqual(['steam:570', 'steam:620']);
  });
});

describe('accounts, sessions, audit', () => {
  it('P8.3: accounts come with who has them', async () => {
    const accounts = new FakeOsAccounts([
      { username: 'op', uid: 1000, fullName: 'Olga Petrova', isOperator: true },
      { username: 'kid', uid: 1001, isOperator: false },
    ]);
    expect((await call({ accounts, profiles: new FakeProfiles([profile()]) }, 'GET', '/api/v1/os-accounts')).body).toEqual([
      { username: 'op', uid: 1000, full_name: 'Olga Petrova', platform: 'linux', is_operator: true, in_use: false },
      { username: 'kid', uid: 1001, platform: 'linux', is_operator: false, in_use: true },
    ]);
  });

  it('P6.5, P8.3: accounts come with what root says to them, where a broker can be asked', async () => {
    const accounts = new FakeOsAccounts([
      { username: 'op', uid: 1000, isOperator: true },
      { username: 'kid', uid: 1001, isOperator: false },
      { username: 'zoe', uid: 1002, isOperator: false },
    ]);
    const refusals = new Map<string, BrokerRefusal>([['zoe', 'NotMember']]);
    const asked: string[] = [];
    const check = (account: string) => {
      asked.push(account);
      return Promise.resolve(refusals.get(account));
    };
    const eligibility = askEligibility({ isThere: true, check });
    expect((await call({ accounts, eligibility }, 'GET', '/api/v1/os-accounts')).body).toMatchObject([
      { username: 'op' },
      { username: 'kid', eligible: true },
      { username: 'zoe', eligible: false, remedy: 'sudo usermod -aG usher-users zoe' },
    ]);
    expect(asked).toEqual(['kid', 'zoe']);
    const none = await call({ accounts, eligibility: askEligibility({ isThere: false, check }) }, 'GET', '/api/v1/os-accounts');
    expect(JSON.stringify(none.body)).not.toContain('eligible');
  });

  it('P7.4: sessions say whose desktop they show', async () => {
    const parts = { sessions: new FakeSessions([session({ profile: KIDS })]), profiles: new FakeProfiles([profile()]) };
    expect((await call(parts, 'GET', '/api/v1/sessions')).body).toMatchObject({
      sessions: [{ profile_id: KIDS, display_name: 'Kids', os_account: { kind: 'linux', username: 'kid', uid: 1001 }, backend: 'xvfb' }],
    });
  });

  it('A1: the audit is read page by page', async () => {
    const audit = new FakeAuditLog([auditEntry()]);
    const { body } = await call({ audit }, 'GET', '/api/v1/audit?limit=5&before=9&event=profile.created');
    expect(body).toEqual({ entries: [auditEntry()] });
    await ask('GET', '/api/v1/audit');
    await ask('GET', `/api/v1/audit?principal=device:${LAPTOP}&profile=${KIDS}&since=10&until=20`);
    expect(audit.reads).toEqual([
      { limit: 5, before: 9, event: 'profile.created' },
      { limit: 100 },
      { limit: 100, principal: `device:${LAPTOP}`, profile: KIDS, since: 10, until: 20 },
    ]);
  });

  it.each(['limit=0', 'limit=1001', 'limit=many', 'before=-1', 'event=a%0Ab', 'principal=me', 'profile=..', 'since=noon', 'until=-1'])(
    'A1: %s reads nothing',
    async (query) => {
      const audit = new FakeAuditLog();
      expect((await call({ audit }, 'GET', `/api/v1/audit?${query}`)).status).toBe(400);
      expect(audit.reads).toEqual([]);
    },
  );

  it('A1: the chain is verified, and what is wrong is named', async () => {
    const faults = [{ kind: 'changed', seq: 4, file: 'audit-1.jsonl', line: 5, message: 'entry 4 was changed' }] as const;
    const { body } = await call(
      { audit: new FakeAuditLog([], { ok: false, entries: 9, firstSeq: 2, faults }) },
      'POST',
      '/api/v1/audit/verify',
    );
    expect(body).toEqual({ ok: false, entries: 9, first_seq: 2, faults });
  });
});

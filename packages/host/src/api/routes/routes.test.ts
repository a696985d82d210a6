import { CodedError } from '@usher/protocol';
import type { InjectOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import {
  FakeKnocks,
  FakePairedDevices,
  FakePairingWindow,
  FakeSessions,
  FakeUsbAgent,
  knock,
  LAPTOP,
  pairedDevice,
  session,
  TELEVISION,
} from '../../../testing/fake-services.ts';
import { codeOf, containing } from '../../../testing/matchers.ts';
import { TOKEN, testApi, testCertificate } from '../../../testing/test-api.ts';
import type { Api, ApiParts } from '../parts.ts';

let api: Api;
afterEach(() => api.close());

/** Calls as the operator and returns status and body. */
async function call(parts: Partial<ApiParts>, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: InjectOptions['payload']) {
  api = await testApi(parts);
  const reply = await api.inject({
    method,
    url,
    headers: { authorization: `Bearer ${TOKEN}` },
    ...(payload === undefined ? {} : { payload }),
  });
  const body: unknown = reply.body === '' ? undefined : reply.json();
  return { status: reply.statusCode, body };
}

describe('the host', () => {
  it('P8.1: tells whether it answers', async () => {
    expect(await call({}, 'GET', '/healthz')).toEqual({ status: 200, body: { status: 'ok', version: '0.1.0' } });
  });

  it('P8.1: is told at a glance', async () => {
    const { fingerprint } = await testCertificate();
    const parts = {
      paired: new FakePairedDevices([pairedDevice()]),
      knocks: new FakeKnocks([knock()]),
      sessions: new FakeSessions([session()]),
    };
    expect(await call(parts, 'GET', '/api/v1/host')).toEqual({
      status: 200,
      body: {
        version: '0.1.0',
        name: 'testhost',
        fingerprint,
        url: 'https://127.0.0.1:9939/',
        uptime_seconds: 0,
        sessions: 1,
        paired_devices: 1,
        pending: 1,
        usb: { enabled: true, running: true, backend: 'sim' },
        isolating_profiles: false,
        problems: [],
      },
    });
  });
});

describe('pairing by PIN', () => {
  it('P9.1: arming shows the PIN once, and afterwards only that there is one', async () => {
    const pairing = new FakePairingWindow();
    expect(await call({ pairing }, 'POST', '/api/v1/native/pair/arm')).toEqual({
      status: 200,
      body: { pin: '123456', expires_unix: 1_800_000_120 },
    });
    await api.close();
    expect(await call({ pairing }, 'GET', '/api/v1/native/pair')).toEqual({
      status: 200,
      body: { armed: true, expires_unix: 1_800_000_120 },
    });
    await api.close();
    expect(await call({ pairing }, 'DELETE', '/api/v1/native/pair')).toEqual({ status: 204, body: undefined });
    await api.close();
    expect(await call({ pairing }, 'GET', '/api/v1/native/pair')).toEqual({ status: 200, body: { armed: false } });
  });
});

describe('paired devices', () => {
  it('P8.1: are listed with whether they are connected', async () => {
    const paired = new FakePairedDevices([pairedDevice(), pairedDevice({ fingerprint: TELEVISION, name: 'Television', key: 'c2VjcmV0' })]);
    const { body } = await call({ paired, sessions: new FakeSessions([session()]) }, 'GET', '/api/v1/native/clients');
    expect(body).toEqual({
      clients: [
        { fingerprint: LAPTOP, name: 'Laptop', paired_unix: 1_800_000_000, connected: true },
        { fingerprint: TELEVISION, name: 'Television', paired_unix: 1_800_000_000, connected: false },
      ],
    });
  });

  it('P1.8: are removed by fingerprint', async () => {
    const paired = new FakePairedDevices([pairedDevice()]);
    expect((await call({ paired }, 'DELETE', `/api/v1/native/clients/${LAPTOP}`)).status).toBe(204);
    expect(paired.list()).toEqual([]);
  });

  it.each([
    [404, 'api.not-found', TELEVISION],
    [400, 'message.malformed', 'laptop'],
    [400, 'message.malformed', TELEVISION.toUpperCase()],
  ])('P1.8: removing answers %i %s for %s', async (status, code, fp) => {
    const { body } = await call({}, 'DELETE', `/api/v1/native/clients/${fp}`);
    expect(body).toMatchObject({ status, code });
  });

  it('P1.2: a failed save is a failed removal, in the answer too', async () => {
    const paired = new FakePairedDevices([pairedDevice()]);
    paired.remove = () => Promise.reject(new CodedError('store.write-failed', 'the disk is full'));
    const { body } = await call({ paired }, 'DELETE', `/api/v1/native/clients/${LAPTOP}`);
    expect(body).toMatchObject({ status: 507, code: 'store.write-failed', detail: 'the disk is full' });
  });
});

describe('devices that wait', () => {
  it('P9.1: are listed', async () => {
    const { body } = await call({ knocks: new FakeKnocks([knock()]) }, 'GET', '/api/v1/native/pending');
    expect(body).toEqual({
      pending: [
        {
          id: 'k1',
          name: 'Television',
          fingerprint: TELEVISION,
          address: '192.0.2.7',
          since_unix: 1_800_000_000,
          expires_unix: 1_800_000_600,
        },
      ],
    });
  });

  it.each([
    ['its own name, without a body', undefined, 'Television'],
    ['its own name', {}, 'Television'],
    ["the operator's name for it", { name: ' Den ' }, 'Den'],
    ['its own name, in a profile', { profile_id: '0123456789ab' }, 'Television in 0123456789ab'],
  ])('P9.1: are let in under %s', async (_name, payload, expected) => {
    const knocks = new FakeKnocks([knock()]);
    expect((await call({ knocks }, 'POST', '/api/v1/native/pending/k1/approve', payload)).status).toBe(204);
    expect(knocks.approved).toEqual([expected]);
  });

  it.each([{ name: '' }, { name: '   ' }, { name: 'x'.repeat(65) }, { profile_id: 'kids' }, { profile_id: 'operator' }])(
    'P9.1: are not let in under a name, or in a profile, that is none (%#)',
    async (payload) => {
      const knocks = new FakeKnocks([knock()]);
      expect((await call({ knocks }, 'POST', '/api/v1/native/pending/k1/approve', payload)).status).toBe(400);
      expect(knocks.approved).toEqual([]);
    },
  );

  it('P9.1: are turned away', async () => {
    const knocks = new FakeKnocks([knock()]);
    expect((await call({ knocks }, 'POST', '/api/v1/native/pending/k1/deny')).status).toBe(204);
    expect(knocks.list()).toEqual([]);
  });

  it.each(['approve', 'deny'])('P9.1: %s after they left is not found', async (word) => {
    expect((await call({}, 'POST', `/api/v1/native/pending/k1/${word}`)).body).toMatchObject({ status: 404, code: 'api.not-found' });
  });
});

describe('sessions', () => {
  it('P7.4: are listed', async () => {
    const { body } = await call({ sessions: new FakeSessions([session({ bitrateKbps: 4000.4 })]) }, 'GET', '/api/v1/sessions');
    expect(body).toEqual({
      sessions: [
        {
          session_id: '00112233aabbccdd',
          profile_id: 'operator',
          display_name: 'Host',
          os_account: { kind: 'operator' },
          backend: 'xvfb',
          client_fp: LAPTOP,
          device_name: 'Laptop',
          started_unix: 1_800_000_050,
          codec: 'h264',
          width: 1280,
          height: 720,
          bitrate_kbps: 4000,
          rtt_ms: 1.5,
        },
      ],
    });
  });

  it('P7.4: are ended by id, once', async () => {
    const sessions = new FakeSessions([session()]);
    expect((await call({ sessions }, 'DELETE', '/api/v1/sessions/00112233aabbccdd')).status).toBe(204);
    await api.close();
    expect((await call({ sessions }, 'DELETE', '/api/v1/sessions/00112233aabbccdd')).body).toMatchObject({ status: 404 });
    await api.close();
    expect((await call({ sessions }, 'DELETE', '/api/v1/sessions/zz')).body).toMatchObject({ status: 400 });
  });
});

describe('USB', () => {
  const listing = {
    backend: 'sim',
    error: null,
    devices: [
      { vendor_id: '1050', product_id: '0407', manufacturer: null, product: 'Key', serial: '1', bus_location: '1-1', risks: [], extra: {} },
    ],
    count: 1,
  };

  it("U5.1: devices are the agent's listing", async () => {
    const usb = new FakeUsbAgent({ devices: listing });
    expect(await call({ usb }, 'GET', '/usb/devices')).toEqual({ status: 200, body: listing });
  });

  it.each([
    ['GET', '/usb/devices', undefined],
    ['GET', '/usb/acl', undefined],
    ['POST', '/usb/acl/add', { vendor_id: '1050', product_id: '0407' }],
  ] as const)('U3.6: %s %s says that sharing is off, and asks nobody', async (method, url, payload) => {
    const usb = new FakeUsbAgent({ devices: listing }, false);
    expect((await call({ usb }, method, url, payload)).body).toMatchObject({ status: 403, code: 'usb.disabled' });
    expect(usb.asked).toEqual([]);
  });

  it.each([
    ['without a body', undefined, true],
    ['with an empty body', {}, true],
    ['on', { enabled: true }, true],
    ['off', { enabled: false }, false],
  ])('U3.6: sharing is switched %s', async (_name, payload, expected) => {
    const usb = new FakeUsbAgent({}, !expected);
    expect((await call({ usb }, 'POST', '/usb/passthrough/enable', payload)).body).toEqual({ enabled: expected });
    await api.close();
    expect((await call({ usb }, 'GET', '/usb/passthrough/status')).body).toEqual({ enabled: expected });
  });

  it('U3.6: a word that is none switches nothing', async () => {
    const usb = new FakeUsbAgent({}, false);
    expect((await call({ usb }, 'POST', '/usb/passthrough/enable', { enabeld: false })).status).toBe(400);
    expect(usb.enabled()).toBe(false);
  });

  const acl = {
    default: 'deny',
    integrity_ok: true,
    rules: [{ vendor_id: '1050', product_id: '0407', serial: null, label: 'key', allow: true, prompt_on_open: false, profile: 'operator' }],
  };

  it('U5.1: what came and went since a number', async () => {
    const events = { events: [{ seq: 8, kind: 'added', device: listing.devices[0] }], count: 1, watcher_running: true, last_seq: 8 };
    const usb = new FakeUsbAgent({ events });
    expect((await call({ usb }, 'GET', '/usb/events?since=7&limit=10')).body).toEqual(events);
    expect((await call({ usb }, 'GET', '/usb/events')).body).toEqual(events);
    expect(usb.asked.map(({ params }) => params)).toEqual([
      { since: 7, limit: 10 },
      { since: 0, limit: 500 },
    ]);
    expect((await call({ usb }, 'GET', '/usb/events?since=-1')).status).toBe(400);
  });

  it('U3.2: the operator signs the rules as they are', async () => {
    const usb = new FakeUsbAgent({ 'acl.sign': { signed: true, rules: 3 } });
    expect((await call({ usb }, 'POST', '/usb/acl/sign')).body).toEqual({ signed: true, rules: 3 });
    expect(usb.asked).toEqual([{ method: 'acl.sign', params: {} }]);
  });

  it("U3.1: the rules are the agent's", async () => {
    expect((await call({ usb: new FakeUsbAgent({ 'acl.get': acl }) }, 'GET', '/usb/acl')).body).toEqual(acl);
  });

  it('U3.2: a file that is not trusted comes with the reason', async () => {
    const distrusted = { default: 'deny', integrity_ok: false, rules: [], problem: 'the signature does not hold' };
    expect((await call({ usb: new FakeUsbAgent({ 'acl.get': distrusted }) }, 'GET', '/usb/acl')).body).toEqual(distrusted);
  });

  it('U3.1: a rule is added with its defaults', async () => {
    const usb = new FakeUsbAgent({ 'acl.add': { added: true, rules: 2 } });
    expect((await call({ usb }, 'POST', '/usb/acl/add', { vendor_id: '1050', product_id: '0407' })).body).toEqual({
      added: true,
      rules: 2,
    });
    expect(usb.asked).toEqual([
      { method: 'acl.add', params: { vendor_id: '1050', product_id: '0407', allow: true, prompt_on_open: false, label: '' } },
    ]);
  });

  it("U5.5: the operator's word on a device is passed on as it is", async () => {
    const usb = new FakeUsbAgent({ 'acl.set': { added: true, rules: 2 } });
    const word = { vendor_id: '1050', product_id: '0407', serial: 'A1', allow: false, prompt_on_open: false, label: '' };
    expect((await call({ usb }, 'POST', '/usb/acl/set', word)).body).toEqual({ added: true, rules: 2 });
    expect(usb.asked).toEqual([{ method: 'acl.set', params: word }]);
  });

  it('U3.1: a rule is removed, and the default set', async () => {
    const usb = new FakeUsbAgent({ 'acl.remove': { removed: false }, 'acl.default': { default: 'allow' } });
    const unit = { vendor_id: '1050', product_id: '0407', serial: 'A1' };
    expect((await call({ usb }, 'POST', '/usb/acl/remove', unit)).body).toEqual({ removed: false });
    await api.close();
    expect((await call({ usb }, 'POST', '/usb/acl/default', { policy: 'allow' })).body).toEqual({ default: 'allow' });
    expect(usb.asked.map(({ params }) => params)).toEqual([unit, { policy: 'allow' }]);
  });

  it.each([
    ['/usb/acl/add', { vendor_id: '1050' }],
    ['/usb/acl/add', { vendor_id: '0x1050', product_id: '0407' }],
    ['/usb/acl/add', { vendor_id: '1050', product_id: '0407', profile: 'kids' }],
    ['/usb/acl/remove', {}],
    ['/usb/acl/default', { policy: 'prompt' }],
  ])('U3.1: %s refuses %j before the agent sees it', async (url, payload) => {
    const usb = new FakeUsbAgent();
    expect((await call({ usb }, 'POST', url, payload)).status).toBe(400);
    expect(usb.asked).toEqual([]);
  });

  it('U5.2: what the agent refuses is refused by the same code', async () => {
    const usb = new FakeUsbAgent({ 'acl.get': new CodedError('store.unreadable', 'usb_acl.json is damaged') });
    expect((await call({ usb }, 'GET', '/usb/acl')).body).toMatchObject({
      status: 500,
      code: 'store.unreadable',
      detail: 'usb_acl.json is damaged',
    });
  });

  it('U5.2: an agent that answers noise is an agent that does not work', async () => {
    const usb = new FakeUsbAgent({ devices: { devices: 'many' } });
    expect((await call({ usb }, 'GET', '/usb/devices')).body).toMatchObject({ status: 503, code: 'usb.backend-unavailable' });
  });
});

describe('signing in to the console', () => {
  it('P8.1: the cookie is for this host alone, and no script reads it', async () => {
    api = await testApi();
    const reply = await api.inject({
      method: 'POST',
      url: '/api/v1/console/login',
      payload: { token: TOKEN },
      headers: { origin: 'https://localhost:80' },
    });
    expect(reply.statusCode).toBe(204);
    expect(reply.headers['set-cookie']).toMatch(/^usher_console=[0-9a-f]{64}; HttpOnly; Secure; SameSite=Strict; Path=\/; Max-Age=43200$/);
  });

  it('P8.1: a wrong token brings no cookie', async () => {
    api = await testApi();
    const reply = await api.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: 'wrong' } });
    expect([reply.statusCode, codeOf(reply.body), reply.headers['set-cookie']]).toEqual([401, 'api.unauthorized', undefined]);
  });

  it('P8.1: signing out ends the session, also for who kept the cookie', async () => {
    api = await testApi();
    const login = await api.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: TOKEN } });
    const headers = { cookie: `theme=dark; usher_console=${login.cookies[0]?.value}; lang=de`, origin: 'https://localhost:80' };
    const signedIn = async () => (await api.inject({ url: '/api/v1/console/session', headers })).json<unknown>();
    expect(await signedIn()).toEqual({ signed_in: true });
    const logout = await api.inject({ method: 'POST', url: '/api/v1/console/logout', headers });
    expect([logout.statusCode, logout.headers['set-cookie']]).toEqual([204, containing('usher_console=; ')]);
    expect(await signedIn()).toEqual({ signed_in: false });
  });

  it('P8.1: a page of somebody else can neither sign in nor out', async () => {
    api = await testApi();
    for (const url of ['/api/v1/console/login', '/api/v1/console/logout']) {
      const reply = await api.inject({ method: 'POST', url, payload: { token: TOKEN }, headers: { origin: 'https://evil.example' } });
      expect(reply.json()).toMatchObject({ status: 403, code: 'api.forbidden-origin' });
    }
  });
});

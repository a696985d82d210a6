import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HostApi } from './host-api.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** An API whose every request is answered with `answer`, and the requests that it got. */
function apiAnswering(answer: () => Response | Promise<Response>) {
  const asked: Asked[] = [];
  const fake: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    asked.push({
      method: request.method,
      url: request.url,
      authorization: request.headers.get('authorization'),
      body: await request.text(),
    });
    return answer();
  };
  return { asked, api: new HostApi({ baseUrl: 'https://host.test:9939/', token: 'abc', fetch: fake }) };
}

const problem = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } });

const KIDS = { display_name: 'Kids', os_account: { kind: 'operator' as const } };
const CREDENTIAL = { account_name: '.\\kid', password: 'p' };
const PROOF = { nonce: 'n', spki: 'AA==', signature: 'AA==' };

describe('requests', () => {
  it('P8.2: carry the token, and nothing of it in the address', async () => {
    const { api, asked } = apiAnswering(() => Response.json({ clients: [] }));
    await expect(api.devices()).resolves.toEqual([]);
    expect(asked).toEqual([{ method: 'GET', url: 'https://host.test:9939/api/v1/native/clients', authorization: 'Bearer abc', body: '' }]);
  });

  it.each([
    ['armPairing', (api: HostApi) => api.armPairing(), 'POST', '/api/v1/native/pair/arm', ''],
    ['disarmPairing', (api: HostApi) => api.disarmPairing(), 'DELETE', '/api/v1/native/pair', ''],
    ['removeDevice', (api: HostApi) => api.removeDevice('ab'), 'DELETE', '/api/v1/native/clients/ab', ''],
    ['approve', (api: HostApi) => api.approve('k1', { name: 'TV' }), 'POST', '/api/v1/native/pending/k1/approve', '{"name":"TV"}'],
    [
      'approve into a profile',
      (api: HostApi) => api.approve('k1', { profile_id: '0123456789ab' }),
      'POST',
      '/api/v1/native/pending/k1/approve',
      '{"profile_id":"0123456789ab"}',
    ],
    ['approve as it is', (api: HostApi) => api.approve('k1'), 'POST', '/api/v1/native/pending/k1/approve', '{}'],
    ['deny', (api: HostApi) => api.deny('../k1'), 'POST', '/api/v1/native/pending/..%2Fk1/deny', ''],
    ['endSession', (api: HostApi) => api.endSession('s1'), 'DELETE', '/api/v1/sessions/s1', ''],
    ['createProfile', (api: HostApi) => api.createProfile(KIDS), 'POST', '/api/v1/profiles', JSON.stringify(KIDS)],
    ['updateProfile', (api: HostApi) => api.updateProfile('p1', KIDS), 'PUT', '/api/v1/profiles/p1', JSON.stringify(KIDS)],
    ['removeProfile', (api: HostApi) => api.removeProfile('p1', 'end'), 'DELETE', '/api/v1/profiles/p1?running=end', ''],
    ['setPasscode', (api: HostApi) => api.setPasscode('p1', null), 'POST', '/api/v1/profiles/p1/passcode', '{"passcode":null}'],
    [
      'setWindowsCredential',
      (api: HostApi) => api.setWindowsCredential('p1', CREDENTIAL),
      'POST',
      '/api/v1/profiles/p1/windows-credential',
      JSON.stringify(CREDENTIAL),
    ],
    ['… cleared', (api: HostApi) => api.setWindowsCredential('p1', null), 'DELETE', '/api/v1/profiles/p1/windows-credential', ''],
    ['assignDevice', (api: HostApi) => api.assignDevice('p1', 'ab'), 'POST', '/api/v1/profiles/p1/devices', '{"fingerprint":"ab"}'],
    ['unassignDevice', (api: HostApi) => api.unassignDevice('ab'), 'DELETE', '/api/v1/profiles/devices/ab', ''],
    ['setDefaultProfile', (api: HostApi) => api.setDefaultProfile(null), 'PUT', '/api/v1/profiles/default', '{"profile_id":null}'],
    ['roster of a device', (api: HostApi) => api.roster('ab'), 'GET', '/api/v1/profiles/enumerate?fingerprint=ab', ''],
    ['roster', (api: HostApi) => api.roster(), 'GET', '/api/v1/profiles/enumerate', ''],
    ['library', (api: HostApi) => api.library(), 'GET', '/api/v1/library', ''],
    ['audit', (api: HostApi) => api.audit({ limit: 5 }), 'GET', '/api/v1/audit?limit=5', ''],
    ['verifyAudit', (api: HostApi) => api.verifyAudit(), 'POST', '/api/v1/audit/verify', ''],
    ['challengeDevice', (api: HostApi) => api.challengeDevice(), 'POST', '/api/v1/auth/device/challenge', ''],
    ['openDeviceToken', (api: HostApi) => api.openDeviceToken(PROOF), 'POST', '/api/v1/auth/device/token', JSON.stringify(PROOF)],
    ['signIn', (api: HostApi) => api.signIn('t'), 'POST', '/api/v1/console/login', '{"token":"t"}'],
    ['setUsbPassthrough', (api: HostApi) => api.setUsbPassthrough(false), 'POST', '/usb/passthrough/enable', '{"enabled":false}'],
    ['usbEvents', (api: HostApi) => api.usbEvents(7), 'GET', '/usb/events?since=7', ''],
    ['signUsbRules', (api: HostApi) => api.signUsbRules(), 'POST', '/usb/acl/sign', ''],
    ['setUsbDefault', (api: HostApi) => api.setUsbDefault('deny'), 'POST', '/usb/acl/default', '{"policy":"deny"}'],
  ])('P8.2: %s', async (_name, call, method, path, body) => {
    const { api, asked } = apiAnswering(() => (method === 'DELETE' ? new Response(undefined, { status: 204 }) : Response.json({})));
    await call(api);
    expect(asked).toMatchObject([{ method, url: `https://host.test:9939${path}`, body }]);
  });
});

it('P8.1: a change that is made for one revision says so', async () => {
  const heard: (string | null)[] = [];
  const listen: typeof fetch = async (input, init) => {
    heard.push(new Request(input, init).headers.get('if-match'));
    return Response.json({});
  };
  const api = new HostApi({ baseUrl: 'https://host.test', fetch: listen });
  await api.updateProfile('p1', KIDS, 'ab12');
  await api.updateProfile('p1', KIDS);
  expect(heard).toEqual(['"ab12"', null]);
});

describe('failures', () => {
  it('P8.1: a problem keeps its code, its words and its wait', async () => {
    const body = { type: 'about:blank', title: 'Too Many Requests', status: 429, code: 'api.rate-limited', detail: 'slowly' };
    const { api } = apiAnswering(() => problem(429, body, { 'retry-after': '17' }));
    await expect(api.host()).rejects.toMatchObject({ code: 'api.rate-limited', message: 'slowly', retrySeconds: 17 });
  });

  it.each([
    ['a code of a later version', () => problem(418, { code: 'tea.pot', detail: 'short and stout' }), 'internal'],
    ['a proxy’s page', () => new Response('<h1>Bad Gateway</h1>', { status: 502 }), 'host.unreachable'],
    ['a connection that fails', () => Promise.reject(new TypeError('fetch failed')), 'host.unreachable'],
  ])('P8.1: %s is %s', async (_what, answer, code) => {
    const { api } = apiAnswering(answer);
    await expect(api.host()).rejects.toMatchObject({ code });
  });
});

it('P8.2: every operation of the document has its call', () => {
  const document = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
  const operations = [...document.matchAll(/"operationId": "(\w+)"/g)].map((match) => match[1] ?? '');
  expect(operations.length).toBeGreaterThan(20);
  const source = ['./host-api.ts', './usb-api.ts'].map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  // Once where it is imported, and once at least where it is used.
  const called = operations.filter((operation) => (source.match(new RegExp(`\\b${operation}\\b`, 'g'))?.length ?? 0) > 1);
  // AutoControl's two for the one host that is connected; the SDK says which host it means.
  expect(operations.filter((operation) => !called.includes(operation))).toEqual(['listUsbRemote', 'probeUsbRemote']);
});

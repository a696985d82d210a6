import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakePairedDevices, pairedDevice, TELEVISION } from '../../testing/fake-services.ts';
import { codeOf } from '../../testing/matchers.ts';
import { StoryKey } from '../../testing/story.ts';
import { openDeviceToken, TOKEN, testApi } from '../../testing/test-api.ts';
import type { Api } from './parts.ts';

/** Who may call what. A route that isn't in this table fails the first test. */
const ROUTES = [
  ['GET', '/healthz', 'public'],
  ['GET', '/openapi.json', 'public'],
  ['GET', '/', 'public'],
  ['GET', '/console', 'public'],
  ['GET', '/console/*', 'public'],
  ['GET', '/assets/*', 'public'],
  ['GET', '/:file', 'public'],
  ['POST', '/api/v1/console/login', 'public'],
  ['POST', '/api/v1/console/logout', 'public'],
  ['GET', '/api/v1/console/session', 'public'],
  ['GET', '/api/v1/host', 'bearer'],
  ['GET', '/api/v1/native/pair', 'bearer'],
  ['POST', '/api/v1/native/pair/arm', 'bearer'],
  ['DELETE', '/api/v1/native/pair', 'bearer'],
  ['GET', '/api/v1/native/clients', 'bearer'],
  ['DELETE', '/api/v1/native/clients/:fp', 'bearer'],
  ['GET', '/api/v1/native/pending', 'bearer'],
  ['POST', '/api/v1/native/pending/:id/approve', 'bearer'],
  ['POST', '/api/v1/native/pending/:id/deny', 'bearer'],
  ['POST', '/api/v1/auth/device/challenge', 'public'],
  ['POST', '/api/v1/auth/device/token', 'public'],
  ['GET', '/api/v1/profiles', 'bearer'],
  ['POST', '/api/v1/profiles', 'bearer'],
  ['GET', '/api/v1/profiles/enumerate', 'device'],
  ['GET', '/api/v1/profiles/:id', 'bearer'],
  ['PUT', '/api/v1/profiles/:id', 'bearer'],
  ['DELETE', '/api/v1/profiles/:id', 'bearer'],
  ['POST', '/api/v1/profiles/:id/passcode', 'bearer'],
  ['POST', '/api/v1/profiles/:id/windows-credential', 'bearer'],
  ['DELETE', '/api/v1/profiles/:id/windows-credential', 'bearer'],
  ['POST', '/api/v1/profiles/:id/devices', 'bearer'],
  ['DELETE', '/api/v1/profiles/devices/:fp', 'bearer'],
  ['PUT', '/api/v1/profiles/default', 'bearer'],
  ['GET', '/api/v1/os-accounts', 'bearer'],
  ['GET', '/api/v1/library', 'device'],
  ['GET', '/api/v1/audit', 'bearer'],
  ['POST', '/api/v1/audit/verify', 'bearer'],
  ['GET', '/api/v1/sessions', 'bearer'],
  ['DELETE', '/api/v1/sessions/:id', 'bearer'],
  ['GET', '/usb/devices', 'bearer'],
  ['GET', '/usb/events', 'bearer'],
  ['GET', '/usb/passthrough/status', 'bearer'],
  ['POST', '/usb/passthrough/enable', 'bearer'],
  ['GET', '/usb/acl', 'bearer'],
  ['POST', '/usb/acl/add', 'bearer'],
  ['POST', '/usb/acl/remove', 'bearer'],
  ['POST', '/usb/acl/default', 'bearer'],
  ['POST', '/usb/acl/set', 'bearer'],
  ['POST', '/usb/acl/sign', 'bearer'],
  ['POST', '/api/v1/actions/run', 'bearer'],
  ['GET', '/usb/prompts', 'bearer'],
  ['POST', '/usb/prompts/:id', 'bearer'],
  ['GET', '/usb/statistics', 'bearer'],
  ['DELETE', '/usb/claims/:claim', 'bearer'],
  ['GET', '/usb/loopback/devices', 'bearer'],
  ['POST', '/usb/loopback/open', 'bearer'],
  ['GET', '/usb/loopback/handles', 'bearer'],
  ['POST', '/usb/loopback/handles', 'bearer'],
  ['GET', '/usb/loopback/handles/:handle/descriptors', 'bearer'],
  ['POST', '/usb/loopback/handles/:handle/control', 'bearer'],
  ['POST', '/usb/loopback/handles/:handle/bulk', 'bearer'],
  ['POST', '/usb/loopback/handles/:handle/interrupt', 'bearer'],
  ['DELETE', '/usb/loopback/handles/:handle', 'bearer'],
  ['GET', '/usb/remote/devices', 'bearer'],
  ['POST', '/usb/remote/open', 'bearer'],
  ['POST', '/usb/remote/certificate', 'bearer'],
  ['GET', '/usb/remote/hosts', 'bearer'],
  ['POST', '/usb/remote/hosts', 'bearer'],
  ['DELETE', '/usb/remote/hosts/:id', 'bearer'],
  ['GET', '/usb/remote/hosts/:id/devices', 'bearer'],
  ['POST', '/usb/remote/hosts/:id/open', 'bearer'],
  ['POST', '/usb/remote/hosts/:id/handles', 'bearer'],
  ['GET', '/usb/remote/handles', 'bearer'],
  ['GET', '/usb/remote/handles/:handle/descriptors', 'bearer'],
  ['POST', '/usb/remote/handles/:handle/control', 'bearer'],
  ['POST', '/usb/remote/handles/:handle/bulk', 'bearer'],
  ['POST', '/usb/remote/handles/:handle/interrupt', 'bearer'],
  ['DELETE', '/usb/remote/handles/:handle', 'bearer'],
] as const;

const OPERATORS = ROUTES.filter(([, , access]) => access !== 'public');
const DEVICES = ROUTES.filter(([, , access]) => access === 'device');
/** The page of the host that `inject` calls itself. */
const ORIGIN = 'https://localhost:80';

let api: Api;
let token: string | undefined;

const phone = new StoryKey();

beforeAll(async () => {
  api = await testApi({ paired: new FakePairedDevices([pairedDevice({ fingerprint: TELEVISION, key: phone.spki })]) });
  await api.ready();
});
afterAll(() => api.close());

async function call(
  method: (typeof ROUTES)[number][0],
  url: string,
  options: InjectOptions = {},
): Promise<{ status: number; code: unknown }> {
  const path = url
    .replace(':fp', 'a1'.repeat(32))
    .replace(/:id|:handle/, '00112233aabbccdd')
    .replace(':claim', '1');
  const reply = await api.inject({ method, url: path, ...options });
  const isJson = String(reply.headers['content-type']).includes('json');
  return { status: reply.statusCode, code: isJson ? codeOf(reply.body) : undefined };
}

async function deviceToken(): Promise<string> {
  token ??= await openDeviceToken(api, phone);
  return token;
}

async function signIn(): Promise<string> {
  const reply = await api.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: TOKEN } });
  return `usher_console=${reply.cookies[0]?.value}`;
}

describe('who may call a route (requirement P8.1)', () => {
  it('P8.1: the table above has every route, and none beside', () => {
    expect(ROUTES.filter(([method, url]) => !api.hasRoute({ method, url }))).toEqual([]);
    const methods = [...api.printRoutes({ commonPrefix: false }).matchAll(/\(([A-Z, ]+)\)$/gm)].flatMap(([, names = '']) =>
      names.split(', '),
    );
    expect(methods.filter((method) => method !== 'HEAD')).toHaveLength(ROUTES.length); // HEAD comes with each GET, and its guards too
  });

  it('P8.1: a route that does not say who may call it does not register', async () => {
    const other = await testApi();
    expect(() => other.get('/forgotten', () => 'open')).toThrow("GET /forgotten doesn't say who may call it");
    await other.close();
  });

  it.each(OPERATORS)('P8.1: %s %s refuses a stranger', async (method, url) => {
    expect(await call(method, url)).toEqual({ status: 401, code: 'api.unauthorized' });
  });

  it.each(OPERATORS)('P8.1: %s %s lets the token in', async (method, url) => {
    const { status } = await call(method, url, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(status).not.toBe(401);
    expect(status).not.toBe(403);
  });

  it.each(OPERATORS)("P8.1: %s %s lets the console in, from the host's own page", async (method, url) => {
    const { status } = await call(method, url, { headers: { cookie: await signIn(), origin: ORIGIN } });
    expect(status).not.toBe(401);
    expect(status).not.toBe(403);
  });

  it.each(OPERATORS.filter(([method]) => method !== 'GET'))('P8.1: %s %s refuses the cookie without an Origin', async (method, url) => {
    const refused = { status: 403, code: 'api.forbidden-origin' };
    expect(await call(method, url, { headers: { cookie: await signIn() } })).toEqual(refused);
    expect(await call(method, url, { headers: { cookie: await signIn(), origin: 'https://evil.example' } })).toEqual(refused);
    expect(await call(method, url, { headers: { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' } })).toEqual(refused);
  });

  it.each(OPERATORS)('P8.1: %s %s lets a paired device in only where the table says so', async (method, url, access) => {
    const headers = { authorization: `Bearer ${await deviceToken()}` };
    if (access === 'device') expect((await call(method, url, { headers })).status).toBe(200);
    else expect(await call(method, url, { headers })).toEqual({ status: 401, code: 'api.unauthorized' });
  });

  it('P8.1: a device reaches its roster and its library, and nothing else', () => {
    expect(DEVICES.map(([method, url]) => `${method} ${url}`)).toEqual(['GET /api/v1/profiles/enumerate', 'GET /api/v1/library']);
  });

  it.each(ROUTES.filter(([, , access]) => access === 'public'))('P8.1: %s %s asks nobody who they are', async (method, url) => {
    expect((await call(method, url)).status).not.toBe(401);
  });

  it("P8.1: a path without a route is nobody's secret", async () => {
    expect(await call('GET', '/api/v1/people')).toEqual({ status: 404, code: 'api.not-found' });
    expect(await call('GET', '/api/v1/host/../host/x')).toEqual({ status: 404, code: 'api.not-found' });
  });
});

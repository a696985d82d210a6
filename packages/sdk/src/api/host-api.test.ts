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
    ['approve', (api: HostApi) => api.approve('k1', 'TV'), 'POST', '/api/v1/native/pending/k1/approve', '{"name":"TV"}'],
    ['approve as it is', (api: HostApi) => api.approve('k1'), 'POST', '/api/v1/native/pending/k1/approve', '{}'],
    ['deny', (api: HostApi) => api.deny('../k1'), 'POST', '/api/v1/native/pending/..%2Fk1/deny', ''],
    ['endSession', (api: HostApi) => api.endSession('s1'), 'DELETE', '/api/v1/sessions/s1', ''],
    ['signIn', (api: HostApi) => api.signIn('t'), 'POST', '/api/v1/console/login', '{"token":"t"}'],
    ['setUsbPassthrough', (api: HostApi) => api.setUsbPassthrough(false), 'POST', '/usb/passthrough/enable', '{"enabled":false}'],
    ['setUsbDefault', (api: HostApi) => api.setUsbDefault('deny'), 'POST', '/usb/acl/default', '{"policy":"deny"}'],
  ])('P8.2: %s', async (_name, call, method, path, body) => {
    const { api, asked } = apiAnswering(() => (method === 'DELETE' ? new Response(undefined, { status: 204 }) : Response.json({})));
    await call(api);
    expect(asked).toMatchObject([{ method, url: `https://host.test:9939${path}`, body }]);
  });
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
  const source = readFileSync(new URL('./host-api.ts', import.meta.url), 'utf8');
  for (const operation of operations) expect(source).toContain(`answerOf(${operation}(`);
});

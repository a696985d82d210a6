import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakePairingWindow } from '../../testing/fake-services.ts';
import { codeOf, containing } from '../../testing/matchers.ts';
import { recordingLog, TOKEN, testApi } from '../../testing/test-api.ts';
import type { Api } from './parts.ts';

const clock = new FakeClock();
let api: Api;

beforeEach(async () => {
  api = await testApi({ clock });
});
afterEach(() => api.close());

const operator = { authorization: `Bearer ${TOKEN}` };

function host(token: string) {
  return api.inject({ url: '/api/v1/host', headers: { authorization: `Bearer ${token}` } });
}

describe('rates by address', () => {
  it('P8.1: after eight wrong tokens even the right one waits, and is told how long', async () => {
    for (let time = 0; time < 8; time += 1) expect((await host('wrong')).statusCode).toBe(401);
    const refused = await host(TOKEN);
    expect([refused.statusCode, codeOf(refused.body), refused.headers['retry-after']]).toEqual([429, 'api.rate-limited', '60']);
    const login = await api.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: TOKEN } });
    expect(login.statusCode).toBe(429);
    await clock.advance(60_000);
    expect((await host(TOKEN)).statusCode).toBe(200);
  });

  it('P8.1: a browser that is signed in works on while a stranger guesses from the same address', async () => {
    const login = await api.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: TOKEN } });
    for (let time = 0; time < 8; time += 1) await host('wrong');
    const reply = await api.inject({ url: '/api/v1/host', headers: { cookie: `usher_console=${login.cookies[0]?.value}` } });
    expect(reply.statusCode).toBe(200);
  });

  it('P8.1: a missing token and an old cookie are no guesses', async () => {
    for (let time = 0; time < 20; time += 1) {
      expect((await api.inject({ url: '/api/v1/host', headers: { cookie: `usher_console=${'0'.repeat(64)}` } })).statusCode).toBe(401);
    }
    expect((await host(TOKEN)).statusCode).toBe(200);
  });

  it('P8.1: a flood is refused, whatever it asks for', async () => {
    for (let count = 0; count < 1200; count += 1) await api.inject('/healthz');
    for (const url of ['/healthz', '/', '/nothing']) {
      const refused = await api.inject(url);
      expect([refused.statusCode, codeOf(refused.body)]).toEqual([429, 'api.rate-limited']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await api.inject({ url: '/healthz', remoteAddress: '192.0.2.9' })).statusCode).toBe(200);
  });
});

describe('what a request must be', () => {
  it.each(['evil.example:9939', 'user@127.0.0.1'])('P8.1: a Host that is not ours is misdirected (%j)', async (name) => {
    const reply = await api.inject({ url: '/healthz', headers: { host: name } });
    expect([reply.statusCode, codeOf(reply.body)]).toEqual([421, 'api.wrong-host']);
  });

  it.each([
    ['not JSON', '{"name": "x', 'application/json', 400, 'message.malformed'],
    ['another type', 'name=x', 'application/x-www-form-urlencoded', 400, 'message.malformed'],
    ['an unknown field', '{"nmae":"x"}', 'application/json', 400, 'message.malformed'],
    ['a wrong type', '{"name":7}', 'application/json', 400, 'message.malformed'],
    ['a poisoned prototype', '{"__proto__":{"name":"x"}}', 'application/json', 400, 'message.malformed'],
    ['too long', JSON.stringify({ name: 'x'.repeat(64 * 1024) }), 'application/json', 413, 'frame.oversized'],
  ])('P8.1: a body that is %s is refused by code', async (_name, payload, type, status, code) => {
    const reply = await api.inject({
      method: 'POST',
      url: '/api/v1/native/pending/k1/approve',
      headers: { ...operator, 'content-type': type },
      payload,
    });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({ type: 'about:blank', status, code });
    expect(reply.statusCode).toBe(status);
  });

  it.each([
    ['an address that can not be decoded', '/%zz', 400, 'message.malformed'],
    ['a name beyond every length', `/api/v1/native/clients/${'a'.repeat(5000)}`, 400, 'message.malformed'],
  ])('P8.1: %s is refused by code', async (_name, url, status, code) => {
    const reply = await api.inject({ method: 'DELETE', url, headers: operator });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    expect(reply.json()).toMatchObject({ status, code });
  });

  it('P8.1: a refusal names the field, and not what stood in it', async () => {
    const reply = await api.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: ['secret-word'] } });
    expect(reply.json()).toMatchObject({ detail: containing('body.token') });
    expect(reply.body).not.toContain('secret-word');
  });

  it('P8.1: nor a field’s name that the route doesn’t know: it may be what a person typed', async () => {
    const reply = await api.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: TOKEN, 'secret-word': 1 } });
    expect(reply.json()).toMatchObject({ status: 400, detail: 'body: there is a field that /openapi.json does not have' });
  });

  it('P8.1: a bug of ours is an internal error without a word of its own, and is logged', async () => {
    const { log, lines } = recordingLog();
    const pairing = new FakePairingWindow();
    pairing.expiresUnix = () => {
      throw new TypeError('the inside of the host');
    };
    const failing = await testApi({ log, pairing });
    const reply = await failing.inject({ url: '/api/v1/native/pair', headers: operator });
    await failing.close();
    expect(reply.json()).toMatchObject({ status: 500, code: 'internal', detail: 'internal error' });
    expect(lines.filter((line) => line.includes('the inside of the host'))).toHaveLength(1);
  });

  it('P8.1: neither a token nor a cookie reaches the log', async () => {
    const { log, lines } = recordingLog();
    const logged = await testApi({ log });
    await logged.inject({ url: '/api/v1/host', headers: { authorization: 'Bearer guessed-token' } });
    const login = await logged.inject({ method: 'POST', url: '/api/v1/console/login', payload: { token: TOKEN } });
    await logged.inject({ url: '/nothing', headers: { cookie: `usher_console=${login.cookies[0]?.value}` } });
    await logged.close();
    const secrets = ['guessed-token', TOKEN, String(login.cookies[0]?.value)];
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  });
});

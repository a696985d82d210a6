import { isErrorCode, Reader } from '@usher/protocol';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeUsbAgent } from '../../../testing/fake-services.ts';
import { TOKEN, testApi } from '../../../testing/test-api.ts';
import { TOOL_BODIES, USB_ANSWERS } from '../../../testing/usb-answers.ts';
import type { Api } from '../parts.ts';

/** Whatever is sent to a route of USB, it is an answer or a refusal that says what is wrong; never a fault of the host. */

const METHODS = ['GET', 'POST', 'DELETE'] as const;
/** Nobody has devices at these addresses; the routes that go there by themselves get no address that could be somebody's. */
const NO_ADDRESS = fc.constantFrom(
  '',
  'http://127.0.0.1/',
  'https://u:p@127.0.0.1/',
  'https://127.0.0.1/x',
  '::',
  'https://[/',
  1,
  null,
  {},
);
const NAMES = [...new Set(TOOL_BODIES.flatMap((body) => Object.keys(body)))];

const anyJson = fc.jsonValue({ maxDepth: 4 });
/** Objects that are nearly right, which is where mistakes are. */
const nearly = fc
  .tuple(fc.constantFrom(...TOOL_BODIES), fc.dictionary(fc.constantFrom(...NAMES, 'more'), anyJson, { maxKeys: 3 }))
  .map(([body, changes]) => ({ ...body, ...changes }));
const action = fc.array(fc.oneof(fc.constantFrom('AC_usb_acl_list', 'AC_usb_acl_add', 'AC_usb_recent_events'), anyJson), { maxLength: 3 });
const actionFile = fc.oneof(fc.array(action, { maxLength: 3 }), fc.record({ auto_control: fc.array(action, { maxLength: 3 }) }), anyJson);

let api: Api;
let routes: readonly (readonly [method: (typeof METHODS)[number], url: string])[] = [];
let callers = 0;

beforeAll(async () => {
  api = await testApi({ usb: new FakeUsbAgent(USB_ANSWERS) });
  await api.ready();
  const paths = Reader.of(Reader.of(api.swagger(), 'openapi').raw('paths'), 'paths');
  routes = paths
    .names()
    .filter((path) => path.startsWith('/usb/') || path === '/api/v1/actions/run')
    .flatMap((path) => METHODS.filter((method) => paths.object(path).has(method.toLowerCase())).map((method) => [method, path] as const));
});
afterAll(() => api.close());

async function call(method: (typeof METHODS)[number], url: string, options: InjectOptions = {}) {
  callers += 1; // each from an address of its own: the limit by address has a test of its own
  const reply = await api.inject({
    ...{ method, url, remoteAddress: `10.${(callers >> 16) & 255}.${(callers >> 8) & 255}.${callers & 255}` },
    headers: { authorization: `Bearer ${TOKEN}` },
    ...options,
  });
  return { status: reply.statusCode, type: String(reply.headers['content-type']), body: reply.body };
}

function expectAnswerOrRefusal({ status, type, body }: Awaited<ReturnType<typeof call>>): void {
  if (status < 400) return;
  expect([status, body]).toEqual([expect.any(Number), expect.stringContaining('"code"')]);
  expect(status).toBeLessThan(500);
  expect(type).toContain('application/problem+json');
  expect(isErrorCode(Reader.json(body, 'problem').string('code'))).toBe(true);
}

describe('U5.2: bad input', () => {
  it('U5.2: is tried on every route of USB', () => {
    expect(routes.length).toBeGreaterThan(25);
  });

  it('U5.2: any JSON as a body is an answer or a refusal', async () => {
    const bodies = fc.oneof(anyJson, nearly);
    await fc.assert(
      fc.asyncProperty(fc.nat(), bodies, NO_ADDRESS, async (choice, body, address) => {
        const posts = routes.filter(([method, url]) => method === 'POST' && url !== '/api/v1/actions/run');
        const [method, url] = posts[choice % posts.length] ?? ['POST', '/usb/acl/add'];
        const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
        const payload = url.startsWith('/usb/remote') && isObject ? { ...body, address } : body;
        const path = url.replaceAll(/\{\w+\}/g, '00112233aabbccdd');
        expectAnswerOrRefusal(await call(method, path, { payload: JSON.stringify(payload), headers: jsonHeaders() }));
      }),
      { numRuns: 250 },
    );
  });

  it('U5.3: any JSON as an action file is a run or a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(actionFile, async (file) => {
        expectAnswerOrRefusal(await call('POST', '/api/v1/actions/run', { payload: JSON.stringify(file), headers: jsonHeaders() }));
      }),
      { numRuns: 100 },
    );
  });

  it('U5.2: any text in a path or a query is an answer or a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), async (choice, text) => {
        const [method, url] = routes[choice % routes.length] ?? ['GET', '/usb/events'];
        const written = encodeURIComponent(text);
        const path = url.replaceAll(/\{\w+\}/g, written === '' || /^\.+$/.test(text) ? 'x' : written);
        expectAnswerOrRefusal(await call(method, `${path}?since=${written}&limit=${written}&directory=${written}`));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['no JSON', '{'],
    ['a very deep one', '['.repeat(5000) + ']'.repeat(5000)],
    ['a number that is none', '{"vendor_id":1e999}'],
    ['another’s prototype', '{"__proto__":{"allow":true},"vendor_id":"1050","product_id":"0407"}'],
  ])('U5.2: %s is refused by every route that takes a body', async (_what, payload) => {
    for (const [method, url] of routes.filter(([method, url]) => method === 'POST' && url !== '/usb/acl/sign')) {
      const answer = await call(method, url.replaceAll(/\{\w+\}/g, '00112233aabbccdd'), { payload, headers: jsonHeaders() });
      expect([url, answer.status]).toEqual([url, expect.toSatisfy((status: number) => status >= 400 && status < 500)]);
    }
  });

  it('U5.2: a body that is too large is refused before it is read', async () => {
    const payload = JSON.stringify({ endpoint: 1, data: 'A'.repeat(1024 * 1024) });
    for (const path of ['/usb/loopback/handles/00112233aabbccdd/bulk', '/usb/acl/add', '/api/v1/actions/run']) {
      expect((await call('POST', path, { payload, headers: jsonHeaders() })).status).toBe(413);
    }
  });
});

function jsonHeaders(): Record<string, string> {
  return { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
}

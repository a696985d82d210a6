import { CodedError } from '@usher/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeUsbAgent, LAPTOP, openPrompt } from '../../../testing/fake-services.ts';
import { codeOf } from '../../../testing/matchers.ts';
import { TOKEN, testApi } from '../../../testing/test-api.ts';
import { USB_ANSWERS } from '../../../testing/usb-answers.ts';
import type { Api } from '../parts.ts';

let api: Api;
afterEach(() => api.close());

const headers = { authorization: `Bearer ${TOKEN}` };
const KEY = { vendor_id: '1050', product_id: '0407' };
const HANDLE = '00112233aabbccdd';

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  const reply = await api.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  const body: unknown = reply.body === '' ? undefined : reply.json();
  return { status: reply.statusCode, body };
}

describe('questions to the operator', () => {
  it('U3.3: are shown with who asks and what it may do, and answered once', async () => {
    const usb = new FakeUsbAgent(USB_ANSWERS);
    usb.open.push(openPrompt());
    api = await testApi({ usb });
    expect((await call('GET', '/usb/prompts')).body).toEqual({
      prompts: [
        {
          ...{ id: HANDLE, ...KEY, serial: 'S-1', manufacturer: 'Yubico', product: 'Key', bus_location: 'bus=1 addr=2' },
          ...{ risks: ['security-key'], label: '', viewer: LAPTOP, viewer_name: 'Laptop', profile: 'operator', profile_name: 'Host' },
          ...{ since_unix: 1_800_000_000, expires_unix: 1_800_000_030 },
        },
      ],
    });
    expect((await call('POST', `/usb/prompts/${HANDLE}`, {})).status).toBe(400); // silence is no answer
    expect((await call('POST', `/usb/prompts/${HANDLE}`, { allow: true })).status).toBe(204);
    expect(usb.answered).toEqual([{ id: HANDLE, answer: { allow: true, remember: false } }]);
    expect((await call('POST', `/usb/prompts/${HANDLE}`, { allow: false })).status).toBe(404);
  });
});

describe('the feature flag', () => {
  it.each([
    ['GET', '/usb/devices'],
    ['GET', '/usb/events'],
    ['GET', '/usb/acl'],
    ['POST', '/usb/acl/add', KEY],
    ['POST', '/usb/acl/set', KEY],
    ['POST', '/usb/acl/remove', KEY],
    ['POST', '/usb/acl/default', { policy: 'deny' }],
    ['POST', '/usb/acl/sign'],
    ['GET', '/usb/statistics'],
    ['DELETE', '/usb/claims/1'],
    ['GET', '/usb/loopback/devices'],
    ['POST', '/usb/loopback/open', KEY],
    ['POST', '/usb/loopback/handles', KEY],
  ] as const)('U3.6: with sharing off %s %s gives a typed refusal, and the agent isn’t asked', async (method, url, payload?: object) => {
    const usb = new FakeUsbAgent(USB_ANSWERS, false);
    api = await testApi({ usb });
    const { status, body } = await call(method, url, payload);
    expect([status, codeOf(JSON.stringify(body))]).toEqual([403, 'usb.disabled']);
    expect(usb.asked).toEqual([]);
  });

  it('U3.6: an action that takes a device says so in its result', async () => {
    api = await testApi({ usb: new FakeUsbAgent(USB_ANSWERS, false) });
    const { body } = await call('POST', '/api/v1/actions/run', [['AC_usb_passthrough_status'], ['AC_list_usb_devices']]);
    expect(body).toMatchObject({ ok: false, results: [{ result: { enabled: false } }, { error: { code: 'usb.disabled' } }] });
  });

  it('U3.6: switched off, nothing is held any more', async () => {
    const usb = new FakeUsbAgent(USB_ANSWERS);
    api = await testApi({ usb });
    const { body } = await call('POST', '/usb/loopback/handles', KEY);
    expect((await call('GET', '/usb/loopback/handles')).body).toEqual({ handles: [body] });
    usb.tell({ kind: 'sharing', enabled: false, running: false });
    expect((await call('GET', '/usb/loopback/handles')).body).toEqual({ handles: [] });
  });
});

describe('an agent that answers nonsense', () => {
  it.each([
    ['GET', '/usb/statistics', 'stats'],
    ['GET', '/usb/loopback/devices', 'loopback.list'],
    ['POST', '/usb/loopback/open', 'loopback.probe'],
    ['POST', '/usb/loopback/handles', 'loopback.open'],
  ] as const)('issue 3: %s %s passes none of it on', async (method, url, asked) => {
    api = await testApi({ usb: new FakeUsbAgent({ ...USB_ANSWERS, [asked]: { secret: 'x' } }) });
    const { status, body } = await call(method, url, method === 'POST' ? KEY : undefined);
    expect([status, JSON.stringify(body)]).toEqual([503, expect.not.stringContaining('secret')]);
  });

  it('U1.5: what a transfer failed with is the answer’s code', async () => {
    const stall = new CodedError('usb.stall', 'the endpoint stalled');
    api = await testApi({ usb: new FakeUsbAgent({ ...USB_ANSWERS, 'loopback.bulk': stall }) });
    const { body } = await call('POST', '/usb/loopback/handles', KEY);
    const handle = String(Object.entries(body ?? {}).find(([name]) => name === 'handle')?.[1]);
    const refused = await call('POST', `/usb/loopback/handles/${handle}/bulk`, { endpoint: 0x81, length: 8 });
    expect(refused.body).toMatchObject({ status: 409, code: 'usb.stall', detail: 'the endpoint stalled' });
  });
});

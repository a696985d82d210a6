import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, fingerprints, profileIds, text, u32 } from '../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../testing/codec-properties.ts';
import { describeVectors } from '../testing/vector-suite.ts';
import {
  AGENT_METHODS,
  decodeFromAgent,
  decodeToAgent,
  encodeFromAgent,
  encodeToAgent,
  type FromAgent,
  PROMPT_ENDS,
  type ToAgent,
} from './agent-link.ts';
import { USB_AUDIT_EVENTS, USB_RISKS } from './agent-usb.ts';
import { ERRORS, isErrorCode } from './errors.ts';
import { OPERATOR } from './ids.ts';

const toAgent = { encode: encodeToAgent, decode: decodeToAgent };
const fromAgent = { encode: encodeFromAgent, decode: decodeFromAgent };

/** JSON that comes back as it went: -0 and `__proto__` don't. */
const json = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const code = fc.constantFrom(...Object.keys(ERRORS).filter(isErrorCode));

const messagesToAgent: fc.Arbitrary<ToAgent> = fc.oneof(
  fc.record({ type: fc.constant('attach' as const), link: u32, device: fingerprints, profile: profileIds, viewerName: text(256) }),
  fc.record({ type: fc.constant('frame' as const), link: u32, frame: bytes(200) }),
  fc.record({ type: fc.constant('detach' as const), link: u32 }),
  fc.record({
    type: fc.constant('request' as const),
    id: u32,
    method: fc.constantFrom(...AGENT_METHODS),
    params: json.map((value) => value ?? {}),
  }),
  fc.record({ type: fc.constant('prompt-answer' as const), id: u32, allow: fc.boolean(), remember: fc.boolean() }),
);

const usbIds = fc.stringMatching(/^[0-9a-f]{4}$/);
const usbDevices = fc.record(
  {
    vendorId: usbIds,
    productId: usbIds,
    serial: text(126),
    manufacturer: text(126),
    product: text(126),
    busLocation: text(64),
  },
  { requiredKeys: ['vendorId', 'productId', 'busLocation'] },
);
const prompts = fc.record({
  device: usbDevices,
  risks: fc.uniqueArray(fc.constantFrom(...USB_RISKS)),
  rule: text(256),
  viewer: fc.oneof(fingerprints, fc.constant('loopback')),
  viewerName: text(256),
  profile: profileIds,
  expiresMs: fc.integer({ min: 0, max: 60_000 }),
});
const auditRows = fc.record(
  {
    event: fc.constantFrom(...USB_AUDIT_EVENTS),
    viewer: fingerprints,
    viewerName: text(256),
    profile: profileIds,
    vendorId: usbIds,
    productId: usbIds,
    serial: text(126),
    claim: fc.integer({ min: 1, max: 0xfffe }),
    detail: text(512),
  },
  { requiredKeys: ['event'] },
);

const messagesFromAgent: fc.Arbitrary<FromAgent> = fc.oneof(
  fc.record({ type: fc.constant('ready' as const), backend: text(64), problem: text(1024) }, { requiredKeys: ['type', 'backend'] }),
  fc.record({ type: fc.constant('frame' as const), link: u32, frame: bytes(200) }),
  fc.record({ type: fc.constant('detached' as const), link: u32, code, message: text(1024) }),
  fc.record({ type: fc.constant('reply' as const), id: u32, result: json }),
  fc.record({ type: fc.constant('failed-reply' as const), id: u32, code, message: text(1024) }),
  fc.record({ type: fc.constant('event' as const), event: json }),
  fc.record({ type: fc.constant('prompt' as const), id: u32, prompt: prompts }),
  fc.record({ type: fc.constant('prompt-withdrawn' as const), id: u32, reason: fc.constantFrom(...PROMPT_ENDS) }),
  fc.record({ type: fc.constant('audit' as const), row: auditRows }),
);

describeVectors('agent-link', { ToAgent: toAgent, FromAgent: fromAgent });

describe('agent link messages', () => {
  it('A1: each reads back whatever it writes, in both directions', () => {
    assertRoundTrip(messagesToAgent, toAgent);
    assertRoundTrip(messagesFromAgent, fromAgent);
  });

  it('V6: noise and damage fail by code only, in both directions', () => {
    assertFailsByCode(messagesToAgent, toAgent);
    assertFailsByCode(messagesFromAgent, fromAgent);
  });

  it('A5: a request without parameters has an empty object of them', () => {
    const request = { type: 'request', id: 1, method: 'devices', params: undefined } as const;
    expect(decodeToAgent(encodeToAgent(request))).toEqual({ ...request, params: {} });
  });

  it('A4: the sender cuts a long explanation, so that its message stays readable', () => {
    const message = 'x'.repeat(5000);
    const short = 'x'.repeat(1024);
    expect(decodeFromAgent(encodeFromAgent({ type: 'detached', link: 1, code: 'internal', message }))).toMatchObject({ message: short });
    expect(decodeFromAgent(encodeFromAgent({ type: 'failed-reply', id: 1, code: 'internal', message }))).toMatchObject({ message: short });
    expect(decodeFromAgent(encodeFromAgent({ type: 'ready', backend: 'sim', problem: message }))).toMatchObject({ problem: short });
  });

  it('A6, A7: what a device or a viewer calls itself is cut, so that no name makes a question or a record unreadable', () => {
    const long = 'x'.repeat(5000);
    const device = { vendorId: '1050', productId: '0407', serial: long, manufacturer: long, product: long, busLocation: long };
    const asked = { device, risks: [], rule: long, viewer: 'loopback', viewerName: long, profile: OPERATOR, expiresMs: 30_000 };
    expect(decodeFromAgent(encodeFromAgent({ type: 'prompt', id: 1, prompt: asked }))).toMatchObject({
      prompt: { device: { serial: 'x'.repeat(126), product: 'x'.repeat(126) }, viewerName: 'x'.repeat(256) },
    });
    const row = { event: 'usb_error', viewerName: long, serial: long, detail: long } as const;
    expect(decodeFromAgent(encodeFromAgent({ type: 'audit', row }))).toMatchObject({ row: { detail: 'x'.repeat(512) } });
  });
});

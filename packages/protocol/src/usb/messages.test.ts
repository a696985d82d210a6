import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, text, u8, u16 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip, readsOrFailsByCode } from '../../testing/codec-properties.ts';
import { codeOf } from '../../testing/vector-suite.ts';
import { tryUtf8, utf8 } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { readBody } from './body.ts';
import { MAX_PAYLOAD } from './frame.ts';
import {
  decodeClosed,
  decodeControl,
  decodeCredit,
  decodeEndpoint,
  decodeListing,
  decodeOpen,
  decodeOpened,
  decodeProtocolError,
  decodeResume,
  decodeTransferReply,
  encodeClosed,
  encodeControl,
  encodeCredit,
  encodeEndpoint,
  encodeListing,
  encodeOpen,
  encodeOpened,
  encodeProtocolError,
  encodeResume,
  encodeTransferReply,
  MAX_TRANSFER,
  MAX_TRANSFER_TIMEOUT_MS,
} from './messages.ts';

const control = (json: string) => decodeControl(readBody(utf8(json)));
const endpoint = (json: string) => decodeEndpoint(readBody(utf8(json)));

/** What a coded failure says. */
function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof CodedError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

describe('bodies of the usb channel', () => {
  it('U1.9: a viewer escapes everything that is not ASCII, a host writes it as it is (usb-wire §4)', () => {
    const serial = 'é€😀\u007f"\\\n';
    expect(tryUtf8(encodeOpen({ vendorId: '1050', productId: '0407', serial }))).toBe(
      '{"vendor_id": "1050", "product_id": "0407", "serial": "\\u00e9\\u20ac\\ud83d\\ude00\\u007f\\"\\\\\\n"}',
    );
    expect(tryUtf8(encodeProtocolError(serial))).toBe(`{"error": "é€😀\u007f\\"\\\\\\n"}`);
  });

  it.each([
    ['64.9', 64],
    ['"64"', 64],
    ['" +64 "', 64],
    ['true', 1],
    ['false', 0],
    ['64', 64],
  ])('U1.9: the number %s is read as %i (usb-wire §4)', (written, read) => {
    expect(control(`{"bm_request_type": 128, "b_request": 6, "length": ${written}}`).length).toBe(read);
  });

  it.each(['"0x81"', '-1', '65536', '1e308', '1e999', 'null', '""', '"1_0"', '[]', '{}', '"99999999999999999999"'])(
    'usb-field §5: a length of %s is refused before anything is allocated',
    (written) => {
      expect(codeOf(() => control(`{"bm_request_type": 128, "b_request": 6, "length": ${written}}`))).toBe('message.malformed');
    },
  );

  it('usb-wire §5.4: what a control request leaves out has AutoControl’s defaults', () => {
    const request = { requestType: 0xc0, request: 7, value: 0, index: 0, timeoutMs: 1000, length: 0, data: undefined };
    expect(control('{"bm_request_type": 192, "b_request": 7}')).toEqual(request);
  });

  it('usb-wire §5.5: what an endpoint request leaves out has AutoControl’s defaults', () => {
    expect(endpoint('{"endpoint": 129, "direction": "in"}')).toEqual({
      endpoint: 0x81,
      direction: 'in',
      timeoutMs: 1000,
      length: 0,
      data: undefined,
    });
  });

  it.each([
    [0, MAX_TRANSFER_TIMEOUT_MS],
    [1, 1],
    [250, 250],
    [4_000_000_000, MAX_TRANSFER_TIMEOUT_MS],
  ])('U1.5: a timeout of %i ms is %i ms: "no limit" has one', (asked, used) => {
    expect(endpoint(`{"endpoint": 129, "direction": "in", "timeout_ms": ${asked}}`).timeoutMs).toBe(used);
  });

  it.each([
    ['without a request type', '{"b_request": 6}', "'bm_request_type'"],
    [
      'with a request type beyond a byte',
      '{"bm_request_type": 256, "b_request": 6}',
      'bm_request_type: expected a whole number from 0 to 255',
    ],
    ['with data that is no base64', '{"bm_request_type": 0, "b_request": 6, "data": "%%%%"}', 'not base64'],
    ['with data that is no text', '{"bm_request_type": 0, "b_request": 6, "data": true}', 'data: expected a string'],
  ])('U1.5: a control request %s is refused', (_name, json, message) => {
    expect(messageOf(() => control(json))).toBe(message);
  });

  it.each([
    ['without an endpoint', '{"direction": "in"}', "'endpoint'"],
    ['without a direction', '{"endpoint": 1}', "direction must be 'in' or 'out', got ''"],
    ['with a direction of its own', '{"endpoint": 1, "direction": "sideways"}', "direction must be 'in' or 'out', got 'sideways'"],
    ['with a direction that is no text', '{"endpoint": 1, "direction": 5}', "direction must be 'in' or 'out', got '?'"],
    ['that reads from an OUT endpoint', '{"endpoint": 1, "direction": "in"}', 'endpoint 0x01 is not an in endpoint'],
    ['that writes to an IN endpoint', '{"endpoint": 129, "direction": "out"}', 'endpoint 0x81 is not an out endpoint'],
    [
      'that reads too much',
      `{"endpoint": 129, "direction": "in", "length": ${MAX_TRANSFER + 1}}`,
      `length: expected a whole number from 0 to ${MAX_TRANSFER}`,
    ],
  ])('U1.5: an endpoint request %s is refused', (_name, json, message) => {
    expect(messageOf(() => endpoint(json))).toBe(message);
  });

  it('usb-field §5: fields that mean nothing in a direction are dropped, not acted on', () => {
    expect(endpoint('{"endpoint": 129, "direction": "in", "length": 8, "data": "AAAA"}').data).toBeUndefined();
    expect(endpoint('{"endpoint": 1, "direction": "out", "length": 1048577, "data": "AAAA"}').length).toBe(0);
    expect(control('{"bm_request_type": 0, "b_request": 1, "length": 70000}').length).toBe(0);
  });

  it.each([
    ['not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['with a byte order mark', utf8('\ufeff{}')],
    ['a list', utf8('[]')],
    ['a number', utf8('7')],
    ['cut off', utf8('{"a": 1')],
    ['empty', new Uint8Array()],
    ['nested a thousand deep', utf8(`{"a": ${'['.repeat(1000)}${']'.repeat(1000)}}`)],
  ])('U1.5, usb-wire §0 row 8: a body that is %s is refused', (_name, payload) => {
    expect(codeOf(() => readBody(payload))).toBe('message.malformed');
  });

  it('usb-wire §0, row 4: a request that needs more than one frame is refused where it is made', () => {
    const request = { endpoint: 1, direction: 'out', timeoutMs: 1000, length: 0 } as const;
    expect(encodeEndpoint({ ...request, data: new Uint8Array(12_237) }).length).toBeLessThanOrEqual(MAX_PAYLOAD);
    expect(codeOf(() => encodeEndpoint({ ...request, data: new Uint8Array(12_238) }))).toBe('frame.oversized');
  });

  it.each(['0', '-1', '1e999', 'null', '"many"', '65536'])('U1.6: a grant of %s credits is refused', (credits) => {
    expect(codeOf(() => decodeCredit(utf8(`{"credits": ${credits}}`)))).toBe('message.malformed');
  });

  it('U1.3: a listing that failed is a listing, with the reason', () => {
    const listing = { devices: [], problem: 'no bus' };
    expect(tryUtf8(encodeListing(listing))).toBe('{"devices": [], "error": "no bus"}');
    expect(decodeListing(encodeListing(listing))).toEqual(listing);
  });

  it('U1.7: CLOSED without a body is a CLOSED', () => {
    expect(decodeClosed(new Uint8Array())).toEqual({ ok: true });
  });

  it.each([
    ['OPENED', decodeOpened],
    ['a transfer reply', decodeTransferReply],
  ] as const)('U1.5: %s that says neither yes nor why is a refusal without a reason', (_name, decode) => {
    expect(decode(utf8('{}'))).toEqual({ ok: false, error: 'no reason given' });
  });

  it.each([0, 0xffff, 70_000])('U1.4: an OPENED with claim %i is refused', (claim) => {
    expect(codeOf(() => decodeOpened(utf8(`{"ok": true, "claim_id": ${claim}, "resume_token": "a"}`)))).toBe('message.malformed');
  });

  it('U1.9: what is written is read back, and no bytes fail but by a code', () => {
    const timeoutMs = fc.integer({ min: 1, max: MAX_TRANSFER_TIMEOUT_MS });
    const some = bytes(64, 1);
    const ids = fc.stringMatching(/^[0-9a-f]{4}$/);
    const serials = fc.option(fc.string({ unit: 'binary', minLength: 0, maxLength: 60 }), { nil: undefined });
    const failures = fc.record({ ok: fc.constant(false as const), error: text(200) });

    const requestsIn = fc.record({
      requestType: u8.map((byte) => byte | 0x80),
      request: u8,
      value: u16,
      index: u16,
      timeoutMs,
      length: u16,
      data: fc.constant(undefined),
    });
    const requestsOut = fc.record({
      requestType: u8.map((byte) => byte & 0x7f),
      request: u8,
      value: u16,
      index: u16,
      timeoutMs,
      length: fc.constant(0),
      data: some,
    });
    const controlCodec = { encode: encodeControl, decode: (payload: Uint8Array) => decodeControl(readBody(payload)) };
    assertRoundTrip(fc.oneof(requestsIn, requestsOut), controlCodec);
    assertFailsByCode(fc.oneof(requestsIn, requestsOut), controlCodec);

    const reads = fc.record({
      endpoint: u8.map((byte) => byte | 0x80),
      direction: fc.constant('in' as const),
      timeoutMs,
      length: fc.nat({ max: MAX_TRANSFER }),
      data: fc.constant(undefined),
    });
    const writes = fc.record({
      endpoint: u8.map((byte) => byte & 0x7f),
      direction: fc.constant('out' as const),
      timeoutMs,
      length: fc.constant(0),
      data: some,
    });
    const endpointCodec = { encode: encodeEndpoint, decode: (payload: Uint8Array) => decodeEndpoint(readBody(payload)) };
    assertRoundTrip(fc.oneof(reads, writes), endpointCodec);
    assertFailsByCode(fc.oneof(reads, writes), endpointCodec);

    const device = fc.record({ vendorId: ids, productId: ids, serial: serials, busLocation: serials });
    assertRoundTrip(fc.record({ devices: fc.array(device, { maxLength: 3 }) }), { encode: encodeListing, decode: decodeListing });
    assertFailsByCode(fc.record({ devices: fc.array(device, { maxLength: 3 }) }), { encode: encodeListing, decode: decodeListing });
    assertRoundTrip(fc.record({ vendorId: ids, productId: ids, serial: serials }), { encode: encodeOpen, decode: decodeOpen });
    assertFailsByCode(fc.record({ vendorId: ids, productId: ids, serial: serials }), { encode: encodeOpen, decode: decodeOpen });

    const opened = fc.record({
      ok: fc.constant(true as const),
      claim: fc.integer({ min: 1, max: 0xfffe }),
      resumeToken: fc.stringMatching(/^[0-9a-f]{32}$/),
    });
    assertRoundTrip(fc.oneof(opened, failures), { encode: encodeOpened, decode: decodeOpened });
    assertFailsByCode(fc.oneof(opened, failures), { encode: encodeOpened, decode: decodeOpened });

    const replies = fc.oneof(fc.record({ ok: fc.constant(true as const), data: bytes(64) }), failures);
    assertRoundTrip(replies, { encode: encodeTransferReply, decode: decodeTransferReply });
    assertFailsByCode(replies, { encode: encodeTransferReply, decode: decodeTransferReply });
    const closes = fc.oneof(fc.constant({ ok: true as const }), failures);
    assertRoundTrip(closes, { encode: encodeClosed, decode: decodeClosed });
    assertFailsByCode(closes, { encode: encodeClosed, decode: decodeClosed });
    assertRoundTrip(text(200), { encode: encodeProtocolError, decode: decodeProtocolError });
    assertFailsByCode(text(200), { encode: encodeProtocolError, decode: decodeProtocolError });
    assertRoundTrip(text(200, 1), { encode: encodeResume, decode: decodeResume });
    assertRoundTrip(fc.integer({ min: 1, max: 0xffff }), { encode: encodeCredit, decode: decodeCredit });
  });

  it('U1.5: any JSON at all is read or refused by code', () => {
    const anything = fc.json({ maxDepth: 20 }).map((json) => utf8(json));
    const keys = fc.constantFrom('bm_request_type', 'b_request', 'endpoint', 'direction', 'length', 'data', 'timeout_ms', 'credits', 'ok');
    const objects = fc.dictionary(keys, fc.jsonValue()).map((object) => utf8(JSON.stringify(object)));
    fc.assert(
      fc.property(fc.oneof(anything, objects), (payload) => {
        for (const decode of [decodeListing, decodeOpen, decodeOpened, decodeTransferReply, decodeCredit, decodeClosed, decodeResume]) {
          readsOrFailsByCode(() => decode(payload));
        }
        readsOrFailsByCode(() => decodeControl(readBody(payload)));
        readsOrFailsByCode(() => decodeEndpoint(readBody(payload)));
      }),
    );
  });
});

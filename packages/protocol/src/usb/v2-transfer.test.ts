import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, text, u8, u16, u32 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip, readsOrFailsByCode } from '../../testing/codec-properties.ts';
import { codeOf, describeVectors } from '../../testing/vector-suite.ts';
import { concat, tryUtf8, utf8 } from '../bytes.ts';
import { CodedError, ERRORS, isErrorCode } from '../errors.ts';
import { FLAG_CONTINUED, FLAG_EOF, FLAG_V2, MAX_PAYLOAD, Op, type UsbFrame } from './frame.ts';
import { asksForV2, decodeOpen, decodeOpened, encodeOpen, encodeOpened, encodeResume, MAX_TRANSFER } from './messages.ts';
import {
  decodeV2Cancel,
  decodeV2Control,
  decodeV2Endpoint,
  decodeV2Reply,
  encodeV2Cancel,
  encodeV2Control,
  encodeV2Endpoint,
  encodeV2Reply,
  fragmentV2,
  framesOfControl,
  framesOfEndpoint,
  transferIdOf,
  V2Join,
  type V2Reply,
  v2Failure,
} from './v2-transfer.ts';

const control = { encode: encodeV2Control, decode: decodeV2Control };
const endpoint = { encode: encodeV2Endpoint, decode: decodeV2Endpoint };
const reply = { encode: encodeV2Reply, decode: decodeV2Reply };

describeVectors('usb-v2', {
  ControlRequest: control,
  EndpointRequest: endpoint,
  Reply: reply,
  Cancel: { encode: encodeV2Cancel, decode: decodeV2Cancel },
});

const QUERY = { vendorId: '1050', productId: '0407', serial: undefined };
const TOKEN = { ok: true, claim: 7, resumeToken: 'abc' } as const;

describe('the negotiation', () => {
  it('U12: OPEN and RESUME ask by a name that the base protocol ignores', () => {
    expect(tryUtf8(encodeOpen(QUERY, 'v2'))).toBe('{"vendor_id": "1050", "product_id": "0407", "ext": ["v2"]}');
    expect(tryUtf8(encodeResume('abc', 'v2'))).toBe('{"resume_token": "abc", "ext": ["v2"]}');
    expect(decodeOpen(encodeOpen(QUERY, 'v2'))).toEqual(decodeOpen(encodeOpen(QUERY)));
  });

  it.each([
    ['{"ext": ["v2"]}', true],
    ['{"ext": ["v3", "v2"]}', true],
    ['{"ext": ["v3"]}', false],
    ['{"ext": []}', false],
    ['{"ext": "v2"}', false],
    ['{"ext": {"v2": true}}', false],
    ['{"ext": null}', false],
    [`{"ext": [${'"x", '.repeat(16)}"v2"]}`, false],
    ['{}', false],
  ])('U12: %s asks for v2: %s', (body, expected) => {
    expect(asksForV2(utf8(body))).toBe(expected);
  });

  it('U13: OPENED answers with the window, in frames and bytes', () => {
    const opened = { ...TOKEN, window: { frames: 128, bytes: 2_097_152 } };
    const written = encodeOpened(opened);
    expect(tryUtf8(written)).toBe(
      '{"ok": true, "claim_id": 7, "resume_token": "abc", "ext": ["v2"], "window_frames": 128, "window_bytes": 2097152}',
    );
    expect(decodeOpened(written)).toEqual(opened);
  });

  it('U12: an OPENED without it means the base protocol', () => {
    expect(decodeOpened(encodeOpened(TOKEN))).toEqual(TOKEN);
    expect(decodeOpened(utf8('{"ok": true, "claim_id": 7, "resume_token": "abc", "ext": ["v9"], "window_frames": 1}'))).toEqual(TOKEN);
  });

  it.each([
    '"window_frames": 0, "window_bytes": 1',
    '"window_frames": 65536, "window_bytes": 1',
    '"window_frames": 1, "window_bytes": 0',
    '"window_frames": 1, "window_bytes": 67108865',
    '"window_frames": 1',
  ])('U13: a window of %s is refused', (window) => {
    const body = utf8(`{"ok": true, "claim_id": 7, "resume_token": "abc", "ext": ["v2"], ${window}}`);
    expect(codeOf(() => decodeOpened(body))).toBe('message.malformed');
  });
});

describe('fragments', () => {
  const write = (length: number) =>
    encodeV2Endpoint({ transfer: 9, timeoutMs: 1, length, endpoint: 2, data: Uint8Array.from({ length }, (_, at) => at % 251) });

  it.each([
    [0, 1],
    [16_371, 1],
    [16_372, 2],
    [16_371 + 16_380, 2],
    [16_371 + 16_381, 3],
    [MAX_TRANSFER, 65],
  ])('U16: a write of %i bytes takes %i frames, as the window counts them', (length, frames) => {
    const cut = [...fragmentV2(Op.Bulk, 7, write(length))];
    expect(cut).toHaveLength(frames);
    expect(framesOfEndpoint({ endpoint: 2, length })).toBe(frames);
    expect(framesOfEndpoint({ endpoint: 0x81, length })).toBe(1);
    expect(cut.every((frame) => frame.claim === 7 && frame.op === Op.Bulk && transferIdOf(frame.payload) === 9)).toBe(true);
    expect(cut.slice(0, -1).every((frame) => frame.payload.length === MAX_PAYLOAD)).toBe(true);
  });

  it('U13: a control write counts its data, a control read its header', () => {
    expect([0x40, 0xc0].map((requestType) => framesOfControl({ requestType, length: 0xffff }))).toEqual([5, 1]);
  });

  it('U16: flags tell first, middle and last apart', () => {
    expect([...fragmentV2(Op.Bulk, 7, write(40_000))].map((frame) => frame.flags)).toEqual([
      FLAG_V2,
      FLAG_V2 | FLAG_CONTINUED,
      FLAG_V2 | FLAG_CONTINUED | FLAG_EOF,
    ]);
    expect([...fragmentV2(Op.Bulk, 7, write(1))].map((frame) => frame.flags)).toEqual([FLAG_V2 | FLAG_EOF]);
  });

  it('U16: what is cut is joined again, whatever its length', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), (length) => {
        const [first, ...rest] = fragmentV2(Op.Bulk, 7, write(length));
        const head = decodeV2Endpoint(first?.payload ?? new Uint8Array());
        const join = new V2Join(head.length, head.data);
        for (const frame of rest) join.push(frame);
        expect(Buffer.compare(join.done(), write(length).subarray(13))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  const part = (length: number, flags: number): UsbFrame => ({ op: Op.Bulk, flags, claim: 7, payload: new Uint8Array(4 + length) });

  it.each([
    ['more than was said', 10, [part(11, FLAG_EOF)]],
    ['less than was said', 10, [part(9, FLAG_EOF)]],
    ['a fragment in between that is not full', 100_000, [part(100, 0)]],
  ])('U16: %s is refused', (_name, length, frames) => {
    const join = new V2Join(length, new Uint8Array());
    const read = () => {
      for (const frame of frames) join.push(frame);
      return join.done();
    };
    expect(codeOf(read)).toBe('message.malformed');
  });

  it('U16: data that is whole already is not copied', () => {
    const data = Uint8Array.of(1, 2, 3);
    expect(new V2Join(3, data).done()).toBe(data);
    expect(concat([new V2Join(0, new Uint8Array()).done()])).toHaveLength(0);
  });
});

it('E5: a failure that is not coded leaves without a word', () => {
  expect(v2Failure(3, new Error('/secret/path'))).toEqual({ transfer: 3, ok: false, code: 'internal', message: 'internal error' });
  expect(v2Failure(3, new CodedError('usb.stall', 'stalled'))).toEqual({ transfer: 3, ok: false, code: 'usb.stall', message: 'stalled' });
});

it('U15: words are cut between characters so that a failure fits one frame', () => {
  const cut = decodeV2Reply(encodeV2Reply({ transfer: 1, ok: false, code: 'usb.stall', message: 'é'.repeat(1000) }));
  expect(cut).toEqual({ transfer: 1, ok: false, code: 'usb.stall', message: 'é'.repeat(512) });
});

describe('any bytes', () => {
  const timeoutMs = fc.integer({ min: 1, max: 60_000 });
  const data = bytes(64);
  const head = { transfer: u32, timeoutMs };
  const fields = { request: u8, value: u16, index: u16 };
  const nothing = fc.constant(new Uint8Array());
  const reads = fc.record({ ...head, requestType: u8.map((byte) => byte | 0x80), ...fields, length: u16, data: nothing });
  const writes = fc
    .record({ ...head, requestType: u8.map((byte) => byte & 0x7f), ...fields, data })
    .map((request) => ({ ...request, length: request.data.length }));
  const endpointReads = fc.record({
    ...head,
    length: fc.nat({ max: MAX_TRANSFER }),
    endpoint: u8.map((byte) => byte | 0x80),
    data: nothing,
  });
  const endpointWrites = fc
    .record({ ...head, endpoint: u8.map((byte) => byte & 0x7f), data, missing: fc.nat({ max: 1000 }) })
    .map(({ missing, ...request }) => ({ ...request, length: request.data.length + missing }));
  const code = fc.constantFrom(...Object.keys(ERRORS).filter(isErrorCode));
  const replies: fc.Arbitrary<V2Reply> = fc.oneof(
    fc
      .record({ transfer: u32, ok: fc.constant(true as const), data, missing: fc.nat({ max: 1000 }) })
      .map(({ missing, ...one }) => ({ ...one, actual: one.data.length + missing })),
    fc.record({ transfer: u32, ok: fc.constant(false as const), code, message: text(200) }),
  );

  it('U14, U15: what is written is read again', () => {
    assertRoundTrip(fc.oneof(reads, writes), control);
    assertRoundTrip(fc.oneof(endpointReads, endpointWrites), endpoint);
    assertRoundTrip(replies, reply);
  });

  it('V6: are read, or refused by code', () => {
    assertFailsByCode(fc.oneof(reads, writes), control);
    assertFailsByCode(fc.oneof(endpointReads, endpointWrites), endpoint);
    assertFailsByCode(replies, reply);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), (noise) => readsOrFailsByCode(() => [transferIdOf(noise), decodeV2Cancel(noise)])),
    );
    fc.assert(fc.property(fc.json(), (json) => readsOrFailsByCode(() => [asksForV2(utf8(json)), decodeOpened(utf8(json))])));
  });
});

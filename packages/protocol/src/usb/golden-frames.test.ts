import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex, tryUtf8 } from '../bytes.ts';
import { Reader } from '../read.ts';
import { readBody } from './body.ts';
import { fragment } from './fragment.ts';
import { decodeFrame, encodeFrame, FLAG_EOF, Op, type UsbFrame } from './frame.ts';
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
} from './messages.ts';

const file = Reader.json(readFileSync(new URL('../../vectors/usb-frames.json', import.meta.url)), 'usb-frames');
const frames = file.list('frames', 100, (item) => ({
  from: item.word('from', ['viewer', 'host']),
  label: item.string('label'),
  op: item.string('name'),
  flags: item.integer('flags', 0, 255),
  claim: item.integer('claim_id', 0, 0xffff),
  hex: item.optionalString('hex', 100_000),
  sha256: item.optionalString('sha256'),
}));
const whole = frames.flatMap((frame) => (frame.hex === undefined ? [] : [{ ...frame, bytes: fromHex(frame.hex) }]));
const hashed = frames.filter((frame) => frame.sha256 !== undefined);

/** Reads a payload and writes it again with the codec that its sender and op call for. */
function rewrite(from: 'viewer' | 'host', frame: UsbFrame): Uint8Array {
  const { op, payload } = frame;
  if (payload.length === 0) return payload;
  if (from === 'viewer') {
    if (op === Op.Open) return encodeOpen(decodeOpen(payload));
    if (op === Op.Resume) return encodeResume(decodeResume(payload));
    return op === Op.Control ? encodeControl(decodeControl(readBody(payload))) : encodeEndpoint(decodeEndpoint(readBody(payload)));
  }
  if (op === Op.List) return encodeListing(decodeListing(payload));
  if (op === Op.Opened) return encodeOpened(decodeOpened(payload));
  if (op === Op.Credit) return encodeCredit(decodeCredit(payload));
  if (op === Op.Closed) return encodeClosed(decodeClosed(payload));
  if (op === Op.Error) return encodeProtocolError(decodeProtocolError(payload));
  return encodeTransferReply(decodeTransferReply(payload));
}

/** Bytes 0, 1 … 255, over and over: the data of the golden big replies. */
function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index & 0xff);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('vectors/usb-frames.json', () => {
  it('U1.9: has frames of both sides', () => {
    expect(whole.length).toBeGreaterThan(25);
    expect(hashed).toHaveLength(6);
    expect(new Set(whole.map((frame) => frame.from))).toEqual(new Set(['viewer', 'host']));
  });

  // The second fragment of a split reply is no body of its own; the test of the big replies has it.
  it.each(whole.filter(({ label }) => label !== 'BULK first two-frame reply (12271 B) [1]'))(
    'U1.9: $from: $label: read, and written again, it is the same frame',
    ({ from, flags, claim, bytes }) => {
      const frame = decodeFrame(bytes);
      expect([frame.flags, frame.claim]).toEqual([flags, claim]);
      expect(tryUtf8(rewrite(from, frame))).toBe(tryUtf8(frame.payload));
      expect(toHex(encodeFrame({ ...frame, payload: rewrite(from, frame) }))).toBe(toHex(bytes));
    },
  );

  it.each([
    [40_000, 'BULK big reply (40000 B)', [0, 0, 0, FLAG_EOF]],
    [12_270, 'BULK biggest single-frame reply (12270 B)', [FLAG_EOF]],
    [12_271, 'BULK first two-frame reply (12271 B)', [0, FLAG_EOF]],
  ] as const)('U1.2, U1.9: a reply of %i bytes is split where AutoControl splits it', (length, label, flags) => {
    const golden = frames.filter((frame) => frame.label.startsWith(label) && frame.op === 'BULK');
    const ours = fragment(Op.Bulk, 1, encodeTransferReply({ ok: true, data: counting(length) }));
    expect(ours.map((frame) => frame.flags)).toEqual(flags);
    expect(ours.map((frame) => sha256(encodeFrame(frame)))).toEqual(
      golden.map(({ sha256: hash, hex }) => hash ?? sha256(fromHex(hex ?? ''))),
    );
    const reply = decodeTransferReply(concat(ours.map((frame) => frame.payload)));
    expect(reply).toEqual({ ok: true, data: counting(length) });
  });
});

import { Buffer } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';
import { cut, fromBytes, type PlainFrame, pythonJson, readFrom, toBytes, writeTo } from './plain-frames.ts';

/** Transfers that an AutoControl host serves on one claim in its whole life: it never refills its own count (usb-wire §0, row 2). */
const TRANSFERS_OF_A_CLAIM = 16;
const TOKEN = '0123456789abcdef0123456789abcdef';
const DEVICE_DESCRIPTOR = Buffer.from('120100020000004050100704010001020301', 'hex');

interface Request {
  readonly vendor_id?: string;
  readonly product_id?: string;
  readonly resume_token?: string;
  readonly b_request?: number;
  readonly endpoint?: number;
  readonly direction?: string;
  readonly length?: number;
  readonly data?: string;
}

/** A host as an AutoControl one behaves, with one device: it echoes what endpoint 2 was given on endpoint 0x81, stalls 0x8f, knows no v2. */
export function servePlainHost(input: Readable, output: Writable): void {
  const left = new Map<number, number>();
  let lastClaim = 0;
  let echo = Buffer.alloc(0);

  const say = (op: number, claim: number, body: object, flags = 0) =>
    writeTo(output, toBytes({ op, flags, claim, payload: Buffer.from(pythonJson(body)) }));
  const sayLong = (op: number, claim: number, body: object) => {
    for (const frame of cut(op, claim, Buffer.from(pythonJson(body)))) writeTo(output, toBytes(frame));
  };

  const transfer = ({ op, claim }: PlainFrame, body: Request) => {
    const credits = left.get(claim);
    if (credits === undefined) return say(0xff, claim, { error: `unknown claim_id ${claim}` });
    if (credits === 0) return say(0xff, claim, { error: 'credit exhausted' });
    left.set(claim, credits - 1);
    if (op === 4) sayLong(op, claim, { ok: true, data: DEVICE_DESCRIPTOR.subarray(0, body.length ?? 0).toString('base64') });
    else if (body.endpoint === 0x8f) sayLong(op, claim, { ok: false, error: 'bulk read: Pipe error' });
    else if (body.direction === 'out') {
      echo = Buffer.concat([echo, Buffer.from(body.data ?? '', 'base64')]);
      sayLong(op, claim, { ok: true, data: '' });
    } else {
      const read = echo.subarray(0, body.length ?? 0);
      echo = echo.subarray(read.length);
      sayLong(op, claim, { ok: true, data: read.toString('base64') });
    }
    say(7, claim, { credits: 1 });
  };

  readFrom(input, (bytes) => {
    const frame = fromBytes(bytes);
    const body = (frame.payload.length === 0 ? {} : JSON.parse(frame.payload.toString('utf8'))) as Request; // what it asks is the test's own
    switch (frame.op) {
      case 1:
        sayLong(1, frame.claim, { devices: [{ vendor_id: '1050', product_id: '0407', serial: 'A1', bus_location: 'bus=1 addr=2' }] });
        return;
      case 2:
        if (body.vendor_id !== '1050' || body.product_id !== '0407') {
          say(3, 0, { ok: false, error: 'denied by ACL policy' });
          return;
        }
        lastClaim += 1;
        left.set(lastClaim, TRANSFERS_OF_A_CLAIM);
        say(3, lastClaim, { ok: true, claim_id: lastClaim, resume_token: TOKEN });
        return;
      case 10:
        if (body.resume_token === TOKEN && left.has(lastClaim)) say(3, lastClaim, { ok: true, claim_id: lastClaim, resume_token: TOKEN });
        else say(3, 0, { ok: false, error: 'unknown or expired resume token' });
        return;
      case 8:
        if (left.delete(frame.claim)) say(9, frame.claim, { ok: true });
        else say(0xff, frame.claim, { error: `unknown claim_id ${frame.claim}` });
        return;
      case 4:
      case 5:
      case 6:
        transfer(frame, body);
        return;
      default:
        say(0xff, 0, { error: `bad frame: unknown opcode 0x${frame.op.toString(16).padStart(2, '0')}` });
    }
  });
}

import { Buffer } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';

// The base protocol written a second time, from its description alone (usb-wire §2–§5) and with nothing of the product's: two programs that share
// a codec share its mistakes.

/** `op u8 ‖ flags u8 ‖ claim u16 big-endian ‖ payload`. */
export interface PlainFrame {
  readonly op: number;
  readonly flags: number;
  readonly claim: number;
  readonly payload: Buffer;
}

export const EOF = 1;
const PAYLOAD_MAX = 16_384;

/** Python's `json.dumps`: a space behind each comma and colon. Here no text has any. */
export function pythonJson(value: object): string {
  return JSON.stringify(value).replaceAll(/([,:])(?=["{[\d-]|true|false|null)/g, '$1 ');
}

/** As frames: cut every 16,384 bytes, EOF on the last only. */
export function cut(op: number, claim: number, payload: Buffer): readonly PlainFrame[] {
  const count = Math.max(1, Math.ceil(payload.length / PAYLOAD_MAX));
  return Array.from({ length: count }, (_, part) => ({
    op,
    flags: part === count - 1 ? EOF : 0,
    claim,
    payload: payload.subarray(part * PAYLOAD_MAX, (part + 1) * PAYLOAD_MAX),
  }));
}

export function toBytes({ op, flags, claim, payload }: PlainFrame): Buffer {
  return Buffer.concat([Buffer.from([op, flags, claim >> 8, claim & 0xff]), payload]);
}

export function fromBytes(bytes: Buffer): PlainFrame {
  return { op: bytes.readUInt8(0), flags: bytes.readUInt8(1), claim: bytes.readUInt16BE(2), payload: bytes.subarray(4) };
}

/** `u32 big-endian length ‖ frame`. */
export function writeTo(output: Writable, bytes: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  output.write(Buffer.concat([length, bytes]));
}

export function readFrom(input: Readable, take: (bytes: Buffer) => void): void {
  let waiting = Buffer.alloc(0);
  input.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32BE(0)) {
      const end = 4 + waiting.readUInt32BE(0);
      take(waiting.subarray(4, end));
      waiting = waiting.subarray(end);
    }
  });
}

import { CodedError } from '../errors.ts';

/** Payload bytes of one frame: the message size that every WebRTC stack carries (U1.1, rule U2). */
export const MAX_PAYLOAD = 16 * 1024;
const HEADER = 4;

/** What a frame is; the byte on the wire. */
export const Op = {
  List: 0x01,
  Open: 0x02,
  Opened: 0x03,
  Control: 0x04,
  Bulk: 0x05,
  Interrupt: 0x06,
  Credit: 0x07,
  Close: 0x08,
  Closed: 0x09,
  Resume: 0x0a,
  /** v2 only (rule U17). */
  Cancel: 0x0b,
  /** v2 only (rule U20). */
  Subscribe: 0x0c,
  /** v2 only (rule U19). */
  Config: 0x0d,
  /** Only to a viewer that asked for news (rule U21). */
  Devices: 0x0e,
  Error: 0xff,
} as const;
export type Op = (typeof Op)[keyof typeof Op];

/** Bit 0 of the flags: the last fragment of a joined payload. */
export const FLAG_EOF = 0x01;
/** Bit 1: the body is v2's (rule U12). Means nothing on a claim for which v2 wasn't agreed. */
export const FLAG_V2 = 0x02;
/** Bit 2, with bit 1 only: not the first fragment of its transfer (rule U16). */
export const FLAG_CONTINUED = 0x04;

const OPS: ReadonlySet<number> = new Set(Object.values(Op));

/** One message of the `usb` channel. */
export interface UsbFrame {
  readonly op: Op;
  /** Bit 0 EOF; bits 1 and 2 are v2's; the other bits are ignored. */
  readonly flags: number;
  /** 0 where no claim is meant. */
  readonly claim: number;
  readonly payload: Uint8Array;
}

/** `op u8 ‖ flags u8 ‖ claim u16 big-endian ‖ payload`. There is no length prefix: a message is a frame (usb-wire §0, row 1). */
export function encodeFrame(frame: UsbFrame): Uint8Array<ArrayBuffer> {
  if (frame.payload.length > MAX_PAYLOAD) throw new RangeError(`payload ${frame.payload.length} exceeds ${MAX_PAYLOAD}`);
  const bytes = new Uint8Array(HEADER + frame.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, frame.op);
  view.setUint8(1, frame.flags);
  view.setUint16(2, frame.claim);
  bytes.set(frame.payload, HEADER);
  return bytes;
}

export function decodeFrame(bytes: Uint8Array): UsbFrame {
  if (bytes.length < HEADER) throw new CodedError('frame.truncated', `frame too short (${bytes.length}B); need at least ${HEADER}`);
  const length = bytes.length - HEADER;
  if (length > MAX_PAYLOAD) throw new CodedError('frame.oversized', `payload ${length} exceeds cap ${MAX_PAYLOAD}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const op = view.getUint8(0);
  if (!isOp(op)) throw new CodedError('frame.unknown-op', `unknown opcode 0x${op.toString(16).padStart(2, '0')}`);
  return { op, flags: view.getUint8(1), claim: view.getUint16(2), payload: bytes.subarray(HEADER) };
}

function isOp(value: number): value is Op {
  return OPS.has(value);
}

import { ByteReader, ByteWriter, truncateUtf8 } from '../bytes.ts';
import { CodedError, ERRORS, type ErrorCode, errorCodeOfWire, isCoded } from '../errors.ts';
import { FLAG_CONTINUED, FLAG_EOF, FLAG_V2, MAX_PAYLOAD, type Op, type UsbFrame } from './frame.ts';
import { MAX_CONTROL_TRANSFER, MAX_TRANSFER, MAX_TRANSFER_TIMEOUT_MS } from './messages.ts';

/** `transfer_id u32`, which every v2 payload begins with, continued fragments too. */
const ID_BYTES = 4;
/** Bytes in front of a request's data: `transfer_id u32 ‖ timeout_ms u32 ‖` setup packet. */
const CONTROL_HEADER = 16;
/** `transfer_id u32 ‖ timeout_ms u32 ‖ length u32 ‖ endpoint u8`. */
const ENDPOINT_HEADER = 13;
/** Longest explanation of a failure, as UTF-8: it always fits one frame. */
const MAX_WORDS = 1024;
const DIRECTION_IN = 0x80;

/** What a transfer of v2 is known by while it is under way; the viewer counts it up. */
export type TransferId = number;

/** A control transfer of v2 (rule U14). `data` is what has come of an OUT transfer's `length` bytes; an IN transfer has none. */
export interface V2ControlRequest {
  readonly transfer: TransferId;
  /** 1…60,000 ms. */
  readonly timeoutMs: number;
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  /** `wLength`: bytes to read, or all that will be written. */
  readonly length: number;
  readonly data: Uint8Array;
}

/** A bulk or interrupt transfer of v2 (rule U14). Bit 7 of `endpoint` alone gives the direction. */
export interface V2EndpointRequest {
  readonly transfer: TransferId;
  /** 1…60,000 ms. */
  readonly timeoutMs: number;
  /** Bytes to read, or all that will be written. */
  readonly length: number;
  readonly endpoint: number;
  readonly data: Uint8Array;
}

/** The answer to a transfer (rule U15). `data` is what has come of `actual` bytes read; a write has none. */
export type V2Reply =
  | { readonly transfer: TransferId; readonly ok: true; readonly actual: number; readonly data: Uint8Array }
  | { readonly transfer: TransferId; readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** The id in front of any v2 payload; `frame.truncated` where there is none. */
export function transferIdOf(payload: Uint8Array): TransferId {
  return new ByteReader(payload, 'transfer').u32();
}

/** `transfer_id u32 ‖ timeout_ms u32 ‖ bmRequestType u8 ‖ bRequest u8 ‖ wValue u16 ‖ wIndex u16 ‖ wLength u16 ‖ data`, big-endian. */
export function encodeV2Control(request: V2ControlRequest): Uint8Array<ArrayBuffer> {
  return new ByteWriter()
    .u32(request.transfer)
    .u32(request.timeoutMs)
    .u8(request.requestType)
    .u8(request.request)
    .u16(request.value)
    .u16(request.index)
    .u16(request.length)
    .bytes(request.data)
    .done();
}

export function decodeV2Control(payload: Uint8Array): V2ControlRequest {
  const reader = new ByteReader(payload, 'control transfer');
  const [transfer, timeoutMs, requestType] = [reader.u32(), timeoutOf(reader.u32()), reader.u8()];
  const [request, value, index, length] = [reader.u8(), reader.u16(), reader.u16(), reader.u16()];
  const data = reader.rest();
  checkData((requestType & DIRECTION_IN) !== 0, length, MAX_CONTROL_TRANSFER, data.length);
  return { transfer, timeoutMs, requestType, request, value, index, length, data };
}

/** `transfer_id u32 ‖ timeout_ms u32 ‖ length u32 ‖ endpoint u8 ‖ data`, big-endian. */
export function encodeV2Endpoint(request: V2EndpointRequest): Uint8Array<ArrayBuffer> {
  return new ByteWriter().u32(request.transfer).u32(request.timeoutMs).u32(request.length).u8(request.endpoint).bytes(request.data).done();
}

export function decodeV2Endpoint(payload: Uint8Array): V2EndpointRequest {
  const reader = new ByteReader(payload, 'endpoint transfer');
  const [transfer, timeoutMs, length, endpoint] = [reader.u32(), timeoutOf(reader.u32()), reader.u32(), reader.u8()];
  const data = reader.rest();
  checkData((endpoint & DIRECTION_IN) !== 0, length, MAX_TRANSFER, data.length);
  return { transfer, timeoutMs, length, endpoint, data };
}

/** `transfer_id u32 ‖ status u8 ‖ actual u32 ‖ data`. Status 0 is success; any other is the code's wire byte, with words as data. */
export function encodeV2Reply(reply: V2Reply): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().u32(reply.transfer);
  if (reply.ok) return writer.u8(0).u32(reply.actual).bytes(reply.data).done();
  return writer.u8(ERRORS[reply.code].wire).u32(0).bytes(truncateUtf8(reply.message, MAX_WORDS)).done();
}

export function decodeV2Reply(payload: Uint8Array): V2Reply {
  const reader = new ByteReader(payload, 'transfer reply');
  const [transfer, status, actual] = [reader.u32(), reader.u8(), reader.u32()];
  const data = reader.rest();
  if (status !== 0) {
    if (actual !== 0 || data.length > MAX_WORDS)
      throw new CodedError('message.malformed', `a failure has at most ${MAX_WORDS} bytes of words`);
    return { transfer, ok: false, code: errorCodeOfWire(status), message: new ByteReader(data, 'failure').text(data.length) };
  }
  if (actual > MAX_TRANSFER) throw new CodedError('message.malformed', `a transfer has at most ${MAX_TRANSFER} bytes`);
  if (data.length > actual) throw new CodedError('message.malformed', `${data.length} bytes came for ${actual}`);
  return { transfer, ok: true, actual, data };
}

/** `transfer_id u32`. */
export function encodeV2Cancel(transfer: TransferId): Uint8Array<ArrayBuffer> {
  return new ByteWriter().u32(transfer).done();
}

export function decodeV2Cancel(payload: Uint8Array): TransferId {
  const reader = new ByteReader(payload, 'cancel');
  const transfer = reader.u32();
  reader.end();
  return transfer;
}

/**
 * Cuts a request or a reply into frames (rule U16): each but the last is full, each but the first has the flag CONTINUED and begins with
 * the transfer's id again, so that the fragments of several transfers may mix.
 */
export function* fragmentV2(op: Op, claim: number, message: Uint8Array): Generator<UsbFrame> {
  const id = message.subarray(0, ID_BYTES);
  const count = framesOf(message.length);
  for (let index = 0; index < count; index += 1) {
    const flags = FLAG_V2 | (index > 0 ? FLAG_CONTINUED : 0) | (index === count - 1 ? FLAG_EOF : 0);
    const at = MAX_PAYLOAD + (index - 1) * (MAX_PAYLOAD - ID_BYTES);
    const payload = index === 0 ? message.subarray(0, MAX_PAYLOAD) : joined(id, message.subarray(at, at + MAX_PAYLOAD - ID_BYTES));
    yield { op, flags, claim, payload };
  }
}

/** Frames that a control request takes: what it costs of the window (rule U13). */
export function framesOfControl(request: { readonly requestType: number; readonly length: number }): number {
  return framesOf(CONTROL_HEADER + ((request.requestType & DIRECTION_IN) === 0 ? request.length : 0));
}

/** Frames that a bulk or interrupt request takes: what it costs of the window (rule U13). */
export function framesOfEndpoint(request: { readonly endpoint: number; readonly length: number }): number {
  return framesOf(ENDPOINT_HEADER + ((request.endpoint & DIRECTION_IN) === 0 ? request.length : 0));
}

/** The data of one transfer as its fragments come (rule U16). Whoever makes one has checked `length`: all of it is allocated at once. */
export class V2Join {
  readonly #length: number;
  readonly #bytes: Uint8Array;
  #filled = 0;

  /** `first`: what came with the header. Data that is whole already is kept as it is, not copied. */
  constructor(length: number, first: Uint8Array) {
    this.#length = length;
    this.#bytes = first.length === length ? first : new Uint8Array(length);
    if (first.length < length) this.#bytes.set(first);
    this.#filled = first.length;
  }

  /** Takes a frame with the flag CONTINUED. `message.malformed` where it has more than is missing, or isn't the last and isn't full. */
  push(frame: UsbFrame): void {
    const part = frame.payload.subarray(ID_BYTES);
    const isLast = (frame.flags & FLAG_EOF) !== 0;
    if (!isLast && frame.payload.length < MAX_PAYLOAD) throw new CodedError('message.malformed', 'a fragment that is not the last is full');
    if (part.length > this.#length - this.#filled) throw new CodedError('message.malformed', `more than ${this.#length} bytes came`);
    this.#bytes.set(part, this.#filled);
    this.#filled += part.length;
  }

  /** Everything, after the last fragment; `message.malformed` where bytes are missing. */
  done(): Uint8Array {
    if (this.#filled < this.#length) throw new CodedError('message.malformed', `${this.#filled} of ${this.#length} bytes came`);
    return this.#bytes;
  }
}

/** A failure as a reply says it: what isn't coded is `internal`, without a word of its own (rule E5). */
export function v2Failure(transfer: TransferId, error: unknown): V2Reply {
  if (!isCoded(error)) return { transfer, ok: false, code: 'internal', message: 'internal error' };
  return { transfer, ok: false, code: error.code, message: error.message };
}

function framesOf(messageBytes: number): number {
  return 1 + Math.max(0, Math.ceil((messageBytes - MAX_PAYLOAD) / (MAX_PAYLOAD - ID_BYTES)));
}

function joined(id: Uint8Array, part: Uint8Array): Uint8Array {
  const payload = new Uint8Array(ID_BYTES + part.length);
  payload.set(id);
  payload.set(part, ID_BYTES);
  return payload;
}

/** "No limit" means the longest that there is, as in the base protocol. */
function timeoutOf(asked: number): number {
  return asked === 0 ? MAX_TRANSFER_TIMEOUT_MS : Math.min(asked, MAX_TRANSFER_TIMEOUT_MS);
}

function checkData(isIn: boolean, length: number, most: number, came: number): void {
  if (length > most) throw new CodedError('message.malformed', `a transfer has at most ${most} bytes`);
  if (came > (isIn ? 0 : length)) throw new CodedError('message.malformed', `${came} bytes came for ${isIn ? 0 : length}`);
}

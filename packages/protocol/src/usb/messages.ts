import { toBase64, utf8 } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import type { Reader } from '../read.ts';
import { bytesOf, integerOf, optionalTextOf, readBody, textOf, writeBody } from './body.ts';
import { deviceDocument, MAX_STRING, namedDocument, readDevice, type UsbDeviceInfo } from './device-info.ts';
import { MAX_PAYLOAD } from './frame.ts';

/** Most bytes of one bulk or interrupt transfer: what a claim's buffers are dimensioned for (usb-field §5, CVE-2017-16913). */
export const MAX_TRANSFER = 1024 * 1024;
/** Most bytes of a control transfer: `wLength` is 16 bits wide. */
export const MAX_CONTROL_TRANSFER = 0xffff;
/** Longest a transfer may wait for its device, in milliseconds; "no limit" (0) means this. */
export const MAX_TRANSFER_TIMEOUT_MS = 60_000;
/** What a transfer waits for where nobody says, in milliseconds (usb-wire §5.4). */
export const DEFAULT_TRANSFER_TIMEOUT_MS = 1000;
/** Largest joined body: a full transfer as base64, and the JSON around it. */
export const MAX_BODY = Math.ceil(MAX_TRANSFER / 3) * 4 + 1024;
/** The extension that OPEN and RESUME ask for and OPENED grants (rule U12). */
const V2 = 'v2';
/** Names of extensions that a list may have; whoever sends more isn't listing extensions. */
const MAX_EXTENSIONS = 16;
/** Largest window that is believed: 64 transfers of the largest size. */
const MAX_WINDOW_BYTES = 64 * MAX_TRANSFER;
const MAX_ERROR_TEXT = 4096;
/** Devices in one LIST reply: a USB bus numbers 127, and a machine has a handful of them. */
const MAX_LISTED = 2048;

/** Which device is wanted. Without a serial number any unit will do. */
export interface UsbDeviceQuery {
  readonly vendorId: string;
  readonly productId: string;
  readonly serial?: string | undefined;
}

/** What a claim of v2 may have under way (rule U13): the frames of its requests, and the bytes that its transfers ask for or carry. */
export interface UsbWindow {
  readonly frames: number;
  readonly bytes: number;
}

/** `window` is there where v2 was asked for and is spoken. */
export type UsbOpened =
  | { readonly ok: true; readonly claim: number; readonly resumeToken: string; readonly window?: UsbWindow }
  | { readonly ok: false; readonly error: string };

/** A control transfer. Bit 7 of `requestType` gives the direction: IN uses `length`, OUT uses `data`. */
export interface UsbControlRequest {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly timeoutMs: number;
  readonly length: number;
  readonly data: Uint8Array | undefined;
}

/** A bulk or interrupt transfer. `endpoint` is the full address, with bit 7 set for IN. */
export interface UsbEndpointRequest {
  readonly endpoint: number;
  readonly direction: 'in' | 'out';
  readonly timeoutMs: number;
  readonly length: number;
  readonly data: Uint8Array | undefined;
}

export type UsbTransferReply = { readonly ok: true; readonly data: Uint8Array } | { readonly ok: false; readonly error: string };

export type UsbClosed = { readonly ok: true } | { readonly ok: false; readonly error: string };

/** `problem` is Usher's own: a listing that failed still answers the LIST, so that no viewer waits (usb-wire §0, row 5). */
export interface UsbListing {
  readonly devices: readonly UsbDeviceInfo[];
  readonly problem?: string;
  /** The host tells what comes and goes from now on (rule U21). */
  readonly tellsNews?: boolean;
}

/** Empty, as AutoControl's; `v2` asks to be told what comes and goes (rule U21). */
export function encodeListRequest(asks?: 'v2'): Uint8Array<ArrayBuffer> {
  return asks === undefined ? new Uint8Array() : writeBody({ ext: extensions(asks) }, 'viewer');
}

export function encodeListing(listing: UsbListing): Uint8Array<ArrayBuffer> {
  const isV2 = listing.tellsNews === true;
  const devices = listing.devices.map(isV2 ? namedDocument : deviceDocument);
  return writeBody({ devices, error: listing.problem, ext: extensions(isV2 ? V2 : undefined) }, 'host');
}

export function decodeListing(payload: Uint8Array): UsbListing {
  const body = readBody(payload);
  const devices = body.list('devices', MAX_LISTED, readDevice);
  const problem = optionalTextOf(body, 'error', MAX_ERROR_TEXT);
  const tellsNews = hasV2(body) ? { tellsNews: true } : {};
  return { devices, ...(problem === undefined ? {} : { problem }), ...tellsNews };
}

export function encodeOpen(query: UsbDeviceQuery, asks?: 'v2'): Uint8Array<ArrayBuffer> {
  return writeBody({ vendor_id: query.vendorId, product_id: query.productId, serial: query.serial, ext: extensions(asks) }, 'viewer');
}

/** Whether an OPEN or RESUME asks for v2. Anything else under that name is as good as nothing: the base protocol ignores it. */
export function asksForV2(payload: Uint8Array): boolean {
  return hasV2(readBody(payload));
}

export function decodeOpen(payload: Uint8Array): UsbDeviceQuery {
  const body = readBody(payload);
  return {
    vendorId: textOf(body, 'vendor_id', 16),
    productId: textOf(body, 'product_id', 16),
    serial: optionalTextOf(body, 'serial', MAX_STRING),
  };
}

export function encodeOpened(opened: UsbOpened): Uint8Array<ArrayBuffer> {
  if (!opened.ok) return writeBody({ ok: false, error: opened.error }, 'host');
  const { claim, resumeToken, window } = opened;
  const agreed = window === undefined ? {} : { ext: extensions(V2), window_frames: window.frames, window_bytes: window.bytes };
  return writeBody({ ok: true, claim_id: claim, resume_token: resumeToken, ...agreed }, 'host');
}

export function decodeOpened(payload: Uint8Array): UsbOpened {
  const body = readBody(payload);
  if (body.raw('ok') !== true) return { ok: false, error: errorOf(body) };
  const opened = { ok: true, claim: integerOf(body, 'claim_id', 1, 0xfffe), resumeToken: textOf(body, 'resume_token', 256) } as const;
  if (!hasV2(body)) return opened;
  const window = { frames: integerOf(body, 'window_frames', 1, 0xffff), bytes: integerOf(body, 'window_bytes', 1, MAX_WINDOW_BYTES) };
  return { ...opened, window };
}

export function encodeResume(resumeToken: string, asks?: 'v2'): Uint8Array<ArrayBuffer> {
  return writeBody({ resume_token: resumeToken, ext: extensions(asks) }, 'viewer');
}

export function decodeResume(payload: Uint8Array): string {
  return textOf(readBody(payload), 'resume_token', 256);
}

export function encodeControl(request: UsbControlRequest): Uint8Array<ArrayBuffer> {
  return oneFrame(
    writeBody(
      {
        bm_request_type: request.requestType,
        b_request: request.request,
        w_value: request.value,
        w_index: request.index,
        timeout_ms: request.timeoutMs,
        ...payloadFields(request),
      },
      'viewer',
    ),
  );
}

/** Every number is checked against its field before anything is allocated; IN with data and OUT with a length keep only what counts. */
export function decodeControl(body: Reader): UsbControlRequest {
  const requestType = integerOf(body, 'bm_request_type', 0, 0xff);
  const isIn = (requestType & 0x80) !== 0;
  return {
    requestType,
    request: integerOf(body, 'b_request', 0, 0xff),
    value: integerOf(body, 'w_value', 0, 0xffff, 0),
    index: integerOf(body, 'w_index', 0, 0xffff, 0),
    timeoutMs: timeoutOf(body),
    length: isIn ? integerOf(body, 'length', 0, MAX_CONTROL_TRANSFER, 0) : 0,
    data: isIn ? undefined : bytesOf(body, 'data', MAX_CONTROL_TRANSFER),
  };
}

export function encodeEndpoint(request: UsbEndpointRequest): Uint8Array<ArrayBuffer> {
  return oneFrame(
    writeBody(
      { endpoint: request.endpoint, direction: request.direction, timeout_ms: request.timeoutMs, ...payloadFields(request) },
      'viewer',
    ),
  );
}

/** An endpoint whose direction bit contradicts `direction` is refused (usb-field §5, CVE-2017-16912). */
export function decodeEndpoint(body: Reader): UsbEndpointRequest {
  const endpoint = integerOf(body, 'endpoint', 0, 0xff);
  const direction = body.raw('direction') ?? '';
  if (direction !== 'in' && direction !== 'out') {
    const shown = typeof direction === 'string' ? direction.slice(0, 16) : '?';
    throw new CodedError('message.malformed', `direction must be 'in' or 'out', got '${shown}'`);
  }
  if (((endpoint & 0x80) !== 0) !== (direction === 'in')) {
    throw new CodedError('message.malformed', `endpoint 0x${endpoint.toString(16).padStart(2, '0')} is not an ${direction} endpoint`);
  }
  return {
    endpoint,
    direction,
    timeoutMs: timeoutOf(body),
    length: direction === 'in' ? integerOf(body, 'length', 0, MAX_TRANSFER, 0) : 0,
    data: direction === 'in' ? undefined : bytesOf(body, 'data', MAX_TRANSFER),
  };
}

/** The reply to a transfer; an OUT reply carries no bytes (usb-field §5, VIIPER #37). May need several frames. */
export function encodeTransferReply(reply: UsbTransferReply): Uint8Array<ArrayBuffer> {
  if (!reply.ok) return writeBody({ ok: false, error: reply.error }, 'host');
  return utf8(`{"ok": true, "data": "${toBase64(reply.data)}"}`);
}

export function decodeTransferReply(payload: Uint8Array): UsbTransferReply {
  const body = readBody(payload);
  if (body.raw('ok') !== true) return { ok: false, error: errorOf(body) };
  return { ok: true, data: bytesOf(body, 'data', MAX_TRANSFER) ?? new Uint8Array() };
}

export function encodeCredit(credits: number): Uint8Array<ArrayBuffer> {
  return writeBody({ credits }, 'host');
}

/** A grant that isn't a small positive number is `message.malformed`; both ends then ignore the frame (U1.6). */
export function decodeCredit(payload: Uint8Array): number {
  return integerOf(readBody(payload), 'credits', 1, 0xffff);
}

export function encodeClosed(closed: UsbClosed): Uint8Array<ArrayBuffer> {
  return writeBody(closed.ok ? { ok: true } : { ok: false, error: closed.error }, 'host');
}

export function decodeClosed(payload: Uint8Array): UsbClosed {
  if (payload.length === 0) return { ok: true };
  const body = readBody(payload);
  return body.raw('ok') === false ? { ok: false, error: errorOf(body) } : { ok: true };
}

export function encodeProtocolError(error: string): Uint8Array<ArrayBuffer> {
  return writeBody({ error }, 'host');
}

export function decodeProtocolError(payload: Uint8Array): string {
  return errorOf(readBody(payload));
}

function extensions(asks: 'v2' | undefined): readonly string[] | undefined {
  return asks === undefined ? undefined : [asks];
}

function hasV2(body: Reader): boolean {
  const asked = body.raw('ext');
  return Array.isArray(asked) && asked.length <= MAX_EXTENSIONS && asked.includes(V2);
}

function payloadFields(request: { readonly data: Uint8Array | undefined; readonly length: number }) {
  const { data, length } = request;
  return {
    data: data === undefined || data.length === 0 ? undefined : toBase64(data),
    length: length === 0 ? undefined : length,
  };
}

function timeoutOf(body: Reader): number {
  const asked = integerOf(body, 'timeout_ms', 0, Number.MAX_SAFE_INTEGER, DEFAULT_TRANSFER_TIMEOUT_MS);
  return asked === 0 ? MAX_TRANSFER_TIMEOUT_MS : Math.min(asked, MAX_TRANSFER_TIMEOUT_MS);
}

function errorOf(body: Reader): string {
  const error = body.raw('error');
  return typeof error === 'string' ? error.slice(0, MAX_ERROR_TEXT) : 'no reason given';
}

/** A viewer's request is one frame or nothing: the base protocol's host joins nothing (usb-wire §0, row 4). */
function oneFrame(payload: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (payload.length > MAX_PAYLOAD) throw new CodedError('frame.oversized', `a request of ${payload.length} bytes doesn't fit one frame`);
  return payload;
}

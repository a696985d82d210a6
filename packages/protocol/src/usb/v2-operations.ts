import { ByteReader, ByteWriter } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { readBody, writeBody } from './body.ts';
import { namedDocument, readDevice, type UsbDeviceInfo } from './device-info.ts';
import { MAX_TRANSFER_TIMEOUT_MS } from './messages.ts';
import type { TransferId } from './v2-transfer.ts';

const Action = {
  SetConfiguration: 1,
  SetInterface: 2,
  ClearHalt: 3,
  Reset: 4,
  ClaimInterface: 5,
  ReleaseInterface: 6,
} as const;
const DIRECTION_IN = 0x80;
/** Most bytes of one read of a subscription: what any interrupt endpoint and a few bulk packets need. */
export const MAX_SUBSCRIBED_READ = 64 * 1024;
/** Most reads that a host keeps pending for one subscription: libusb reaches its full speed with fewer. */
export const MAX_SUBSCRIBED_READS = 16;
const MAX_CREDITS = 1024;

/** What the operating system has to do, because it keeps count of it (rule U19). Numbers are the device's own, 0…255. */
export type UsbConfigChange =
  | { readonly action: 'set-configuration'; readonly value: number }
  | { readonly action: 'set-interface'; readonly interfaceNumber: number; readonly alternate: number }
  | { readonly action: 'clear-halt'; readonly endpoint: number }
  | { readonly action: 'reset' }
  | { readonly action: 'claim-interface'; readonly interfaceNumber: number }
  | { readonly action: 'release-interface'; readonly interfaceNumber: number };

export interface V2ConfigRequest {
  readonly transfer: TransferId;
  /** 1…60,000 ms. */
  readonly timeoutMs: number;
  readonly change: UsbConfigChange;
}

/** The host keeps `reads` reads of `length` bytes pending and pushes what comes, `credits` times until more are granted (rule U20). */
export interface V2Subscription {
  readonly transfer: TransferId;
  /** 1…65,536. */
  readonly length: number;
  /** With bit 7: only IN endpoints are read. */
  readonly endpoint: number;
  /** 1…16. */
  readonly reads: number;
  /** 1…1024. */
  readonly credits: number;
}

/** A device that a viewer may ask for has come, or one has left or may not be asked for any more (rule U21). */
export interface UsbDeviceChange {
  readonly kind: 'added' | 'removed';
  readonly device: UsbDeviceInfo;
}

/** `transfer_id u32 ‖ timeout_ms u32 ‖ action u8 ‖ first u8 ‖ second u8`, big-endian; a number that the action doesn't need is 0. */
export function encodeV2Config({ transfer, timeoutMs, change }: V2ConfigRequest): Uint8Array<ArrayBuffer> {
  const [action, first, second] = wordsOf(change);
  return new ByteWriter().u32(transfer).u32(timeoutMs).u8(action).u8(first).u8(second).done();
}

export function decodeV2Config(payload: Uint8Array): V2ConfigRequest {
  const reader = new ByteReader(payload, 'configuration');
  const [transfer, asked, action, first, second] = [reader.u32(), reader.u32(), reader.u8(), reader.u8(), reader.u8()];
  reader.end();
  const timeoutMs = asked === 0 ? MAX_TRANSFER_TIMEOUT_MS : Math.min(asked, MAX_TRANSFER_TIMEOUT_MS);
  return { transfer, timeoutMs, change: changeOf(action, first, second) };
}

/** `transfer_id u32 ‖ length u32 ‖ endpoint u8 ‖ reads u8 ‖ credits u16`, big-endian. */
export function encodeV2Subscribe(subscription: V2Subscription): Uint8Array<ArrayBuffer> {
  const { transfer, length, endpoint, reads, credits } = subscription;
  return new ByteWriter().u32(transfer).u32(length).u8(endpoint).u8(reads).u16(credits).done();
}

export function decodeV2Subscribe(payload: Uint8Array): V2Subscription {
  const reader = new ByteReader(payload, 'subscription');
  const [transfer, length, endpoint, reads, credits] = [reader.u32(), reader.u32(), reader.u8(), reader.u8(), reader.u16()];
  reader.end();
  if ((endpoint & DIRECTION_IN) === 0) throw new CodedError('message.malformed', 'only IN endpoints are subscribed to');
  within('length', length, MAX_SUBSCRIBED_READ);
  within('reads', reads, MAX_SUBSCRIBED_READS);
  within('credits', credits, MAX_CREDITS);
  return { transfer, length, endpoint, reads, credits };
}

/** More pushes for a subscription, in a CREDIT with the v2 flag: `transfer_id u32 ‖ credits u16`. */
export function encodeV2Grant(transfer: TransferId, credits: number): Uint8Array<ArrayBuffer> {
  return new ByteWriter().u32(transfer).u16(credits).done();
}

export function decodeV2Grant(payload: Uint8Array): { readonly transfer: TransferId; readonly credits: number } {
  const reader = new ByteReader(payload, 'grant');
  const [transfer, credits] = [reader.u32(), reader.u16()];
  reader.end();
  within('credits', credits, MAX_CREDITS);
  return { transfer, credits };
}

/** `{"event": "added" | "removed", "device": {…}}`, the device as in a LIST. */
export function encodeDeviceChange({ kind, device }: UsbDeviceChange): Uint8Array<ArrayBuffer> {
  return writeBody({ event: kind, device: namedDocument(device) }, 'host');
}

export function decodeDeviceChange(payload: Uint8Array): UsbDeviceChange {
  const body = readBody(payload);
  return { kind: body.word('event', ['added', 'removed']), device: readDevice(body.object('device')) };
}

function wordsOf(change: UsbConfigChange): readonly [number, number, number] {
  switch (change.action) {
    case 'set-configuration':
      return [Action.SetConfiguration, change.value, 0];
    case 'set-interface':
      return [Action.SetInterface, change.interfaceNumber, change.alternate];
    case 'clear-halt':
      return [Action.ClearHalt, change.endpoint, 0];
    case 'reset':
      return [Action.Reset, 0, 0];
    case 'claim-interface':
      return [Action.ClaimInterface, change.interfaceNumber, 0];
    case 'release-interface':
      return [Action.ReleaseInterface, change.interfaceNumber, 0];
  }
}

function changeOf(action: number, first: number, second: number): UsbConfigChange {
  const unused = action === Action.SetInterface ? 0 : action === Action.Reset ? first | second : second;
  if (unused !== 0) throw new CodedError('message.malformed', 'configuration: a number that the action has no use for');
  switch (action) {
    case Action.SetConfiguration:
      return { action: 'set-configuration', value: first };
    case Action.SetInterface:
      return { action: 'set-interface', interfaceNumber: first, alternate: second };
    case Action.ClearHalt:
      return { action: 'clear-halt', endpoint: first };
    case Action.Reset:
      return { action: 'reset' };
    case Action.ClaimInterface:
      return { action: 'claim-interface', interfaceNumber: first };
    case Action.ReleaseInterface:
      return { action: 'release-interface', interfaceNumber: first };
    default:
      throw new CodedError('message.malformed', `configuration: no action ${action}`);
  }
}

function within(what: string, value: number, most: number): void {
  if (value < 1 || value > most) throw new CodedError('message.malformed', `${what}: 1…${most}, not ${value}`);
}

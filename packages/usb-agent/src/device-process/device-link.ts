import {
  ByteReader,
  ByteWriter,
  CodedError,
  decodeV2Config,
  decodeV2Control,
  decodeV2Endpoint,
  decodeV2Reply,
  encodeV2Config,
  encodeV2Control,
  encodeV2Endpoint,
  encodeV2Reply,
  MAX_TRANSFER,
  Reader,
  type UsbConfigChange,
  type UsbControlRequest,
  type UsbEndpointRequest,
  utf8,
  type V2Reply,
} from '@usher/protocol';
import type { UsbDeviceDescription } from '@usher/usb';

/** Largest message between the agent and the process of one device: a transfer of the largest size, and what is in front of it. */
export const MAX_DEVICE_MESSAGE = MAX_TRANSFER + 4096;
/** Strings of a device have at most 126 UTF-16 units. */
const STRING_MAX = 126;
const LOCATION_MAX = 64;

const AgentType = { Open: 1, Take: 2, Control: 3, Bulk: 4, Interrupt: 5, Config: 6, Cancel: 7, Close: 8, Guarded: 9 } as const;
const DeviceType = { Opened: 0x81, Done: 0x82, Detaching: 0x83, Restored: 0x84, Gone: 0x85 } as const;

/** Where a device is plugged in and how it was listed. */
export interface DevicePlace {
  readonly bus: number;
  readonly address: number;
  readonly listed: UsbDeviceDescription;
}

/** What the agent tells the process of one device: `type u8 ‖ id u32 ‖ body` in an envelope. Transfers have the bodies of v2 (rule U14). */
export type ToDevice =
  | { readonly type: 'open'; readonly id: number; readonly place: DevicePlace }
  | { readonly type: 'take' | 'close'; readonly id: number }
  | { readonly type: 'control'; readonly id: number; readonly request: UsbControlRequest }
  | { readonly type: 'bulk' | 'interrupt'; readonly id: number; readonly request: UsbEndpointRequest }
  | { readonly type: 'config'; readonly id: number; readonly change: UsbConfigChange; readonly timeoutMs: number }
  /** What was asked under this id is of no use any more; or: the guard knows of the interface, so its driver may be detached. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'guarded'; readonly id: number };

export type FromDevice =
  | { readonly type: 'opened'; readonly id: number; readonly device: UsbDeviceDescription; readonly configuration: Uint8Array }
  /** How anything that was asked for ended; a configuration that was changed comes as its data. */
  | { readonly type: 'done'; readonly reply: V2Reply }
  | { readonly type: 'detaching'; readonly id: number; readonly interfaceNumber: number }
  | { readonly type: 'restored' | 'gone' };

export function encodeToDevice(message: ToDevice): Uint8Array<ArrayBuffer> {
  const { id } = message;
  switch (message.type) {
    case 'open':
      return framed(AgentType.Open, id, utf8(JSON.stringify(message.place)));
    case 'take':
      return framed(AgentType.Take, id);
    case 'control': {
      const data = message.request.data ?? new Uint8Array();
      const length = isIn(message.request.requestType) ? message.request.length : data.length;
      return framed(AgentType.Control, id, encodeV2Control({ ...message.request, transfer: id, length, data }));
    }
    case 'bulk':
    case 'interrupt': {
      const { endpoint, timeoutMs, length, data = new Uint8Array() } = message.request;
      const type = message.type === 'bulk' ? AgentType.Bulk : AgentType.Interrupt;
      return framed(type, id, encodeV2Endpoint({ transfer: id, endpoint, timeoutMs, length: isIn(endpoint) ? length : data.length, data }));
    }
    case 'config':
      return framed(AgentType.Config, id, encodeV2Config({ transfer: id, timeoutMs: message.timeoutMs, change: message.change }));
    case 'cancel':
      return framed(AgentType.Cancel, id);
    case 'close':
      return framed(AgentType.Close, id);
    case 'guarded':
      return framed(AgentType.Guarded, id);
  }
}

export function decodeToDevice(bytes: Uint8Array): ToDevice {
  const reader = new ByteReader(bytes, 'device link');
  const [type, id] = [reader.u8(), reader.u32()];
  const body = reader.rest();
  switch (type) {
    case AgentType.Open:
      return { type: 'open', id, place: readPlace(Reader.json(body, 'open')) };
    case AgentType.Take:
      return { type: 'take', id };
    case AgentType.Control: {
      const { requestType, request, value, index, timeoutMs, length, data } = decodeV2Control(body);
      const written = isIn(requestType) ? { length, data: undefined } : { length: 0, data };
      return { type: 'control', id, request: { requestType, request, value, index, timeoutMs, ...written } };
    }
    case AgentType.Bulk:
      return { type: 'bulk', id, request: readEndpoint(body) };
    case AgentType.Interrupt:
      return { type: 'interrupt', id, request: readEndpoint(body) };
    case AgentType.Config: {
      const { change, timeoutMs } = decodeV2Config(body);
      return { type: 'config', id, change, timeoutMs };
    }
    case AgentType.Cancel:
      return { type: 'cancel', id };
    case AgentType.Close:
      return { type: 'close', id };
    case AgentType.Guarded:
      return { type: 'guarded', id };
    default:
      throw new CodedError('frame.unknown-op', `device link: unknown message 0x${type.toString(16)}`);
  }
}

export function encodeFromDevice(message: FromDevice): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'opened': {
      const words = utf8(JSON.stringify(message.device));
      return new ByteWriter().u8(DeviceType.Opened).u32(message.id).u32(words.length).bytes(words).bytes(message.configuration).done();
    }
    case 'done':
      return framed(DeviceType.Done, message.reply.transfer, encodeV2Reply(message.reply));
    case 'detaching':
      return framed(DeviceType.Detaching, message.id, Uint8Array.of(message.interfaceNumber));
    case 'restored':
      return framed(DeviceType.Restored, 0);
    case 'gone':
      return framed(DeviceType.Gone, 0);
  }
}

export function decodeFromDevice(bytes: Uint8Array): FromDevice {
  const reader = new ByteReader(bytes, 'device link');
  const [type, id] = [reader.u8(), reader.u32()];
  switch (type) {
    case DeviceType.Opened: {
      const device = readDescription(Reader.json(reader.bytes(reader.u32()), 'opened'));
      return { type: 'opened', id, device, configuration: reader.rest() };
    }
    case DeviceType.Done:
      return { type: 'done', reply: decodeV2Reply(reader.rest()) };
    case DeviceType.Detaching:
      return { type: 'detaching', id, interfaceNumber: reader.u8() };
    case DeviceType.Restored:
      return { type: 'restored' };
    case DeviceType.Gone:
      return { type: 'gone' };
    default:
      throw new CodedError('frame.unknown-op', `device link: unknown message 0x${type.toString(16)}`);
  }
}

function readEndpoint(body: Uint8Array): UsbEndpointRequest {
  const { endpoint, timeoutMs, length, data } = decodeV2Endpoint(body);
  return isIn(endpoint)
    ? { endpoint, timeoutMs, direction: 'in', length, data: undefined }
    : { endpoint, timeoutMs, direction: 'out', length: 0, data };
}

function readPlace(body: Reader): DevicePlace {
  return { bus: body.integer('bus', 0, 255), address: body.integer('address', 0, 255), listed: readDescription(body.object('listed')) };
}

/** `extra` stays with the agent: it has listed the device. */
function readDescription(body: Reader): UsbDeviceDescription {
  return {
    vendorId: body.string('vendorId', 4),
    productId: body.string('productId', 4),
    serial: body.optionalString('serial', STRING_MAX),
    manufacturer: body.optionalString('manufacturer', STRING_MAX),
    product: body.optionalString('product', STRING_MAX),
    busLocation: body.string('busLocation', LOCATION_MAX),
    deviceClass: body.integer('deviceClass', 0, 255),
    extra: {},
  };
}

function framed(type: number, id: number, body: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  return new ByteWriter().u8(type).u32(id).bytes(body).done();
}

function isIn(address: number): boolean {
  return (address & 0x80) !== 0;
}

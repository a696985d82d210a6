import { CodedError } from '@usher/protocol';
import { LANGUAGES, stringDescriptor } from './descriptor-bytes.ts';

/** The eight bytes that begin a control transfer (USB 2.0 §9.3), as numbers. */
export interface Setup {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly length: number;
}

export interface SimIdentity {
  readonly manufacturer: string;
  readonly product: string;
  readonly serial: string;
}

/** A simulated device, behind whatever carries its transfers. Refusing a transfer is `usb.stall`. */
export interface SimDevice {
  readonly identity: SimIdentity;
  readonly device: Uint8Array;
  readonly configuration: Uint8Array;
  /** Bytes for an IN request, none for OUT. */
  control(setup: Setup, data: Uint8Array): Uint8Array;
  /** Bytes of an IN endpoint; waits until the device has some. */
  read(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Bytes for an OUT endpoint; waits where the device can't take them yet. */
  write(endpoint: number, data: Uint8Array, signal: AbortSignal): void | Promise<void>;
  /** As after plugging in. */
  reset(): void;
}

const Request = {
  GetStatus: 0,
  ClearFeature: 1,
  SetFeature: 3,
  GetDescriptor: 6,
  GetConfiguration: 8,
  SetConfiguration: 9,
  GetInterface: 10,
  SetInterface: 11,
} as const;
const DescriptorType = { Device: 1, Configuration: 2, String: 3 } as const;
const FROM_DEVICE = 0x80;
const NOTHING = new Uint8Array();

export function stall(): CodedError {
  return new CodedError('usb.stall', 'the device stalled: it doesn’t know this request');
}

/** Answers the standard requests that every device must (USB 2.0 §9.4); undefined where the request isn't one of them. */
export function standardRequest(device: SimDevice, setup: Setup): Uint8Array | undefined {
  const isStandard = (setup.requestType & 0x60) === 0;
  if (!isStandard) return undefined;
  switch (setup.request) {
    case Request.GetStatus:
      return new Uint8Array([0, 0]);
    case Request.GetDescriptor:
      return setup.requestType === FROM_DEVICE ? descriptorOf(device, setup.value) : undefined;
    case Request.GetConfiguration:
      return new Uint8Array([1]);
    case Request.GetInterface:
      return new Uint8Array([0]);
    case Request.SetConfiguration:
      if (setup.value > 1) throw stall();
      return NOTHING;
    case Request.SetInterface:
      if (setup.value !== 0) throw stall(); // no simulated interface has alternate settings
      return NOTHING;
    case Request.ClearFeature:
    case Request.SetFeature:
      return NOTHING;
    default:
      return undefined;
  }
}

function descriptorOf(device: SimDevice, value: number): Uint8Array {
  const index = value & 0xff;
  switch (value >> 8) {
    case DescriptorType.Device:
      return device.device;
    case DescriptorType.Configuration:
      if (index !== 0) throw stall();
      return device.configuration;
    case DescriptorType.String:
      return stringOf(device.identity, index);
    default:
      throw stall();
  }
}

function stringOf(identity: SimIdentity, index: number): Uint8Array {
  if (index === 0) return LANGUAGES;
  const text = [identity.manufacturer, identity.product, identity.serial][index - 1];
  if (text === undefined) throw stall();
  return stringDescriptor(text);
}

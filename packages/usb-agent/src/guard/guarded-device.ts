import { Reader } from '@usher/protocol';

/** Interfaces of one open device that were taken from their kernel drivers. */
export interface GuardedDevice {
  readonly bus: number;
  readonly address: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly interfaces: readonly number[];
}

/** Devices that may be open at a time, with room: the agent lends 32. */
const DEVICES_MAX = 64;
/** `bInterfaceNumber` is a byte. */
const INTERFACES_MAX = 256;

/** One line from the agent to its guard: everything that is to be given back if the agent dies now. */
export function formatGuarded(devices: readonly GuardedDevice[]): string {
  const lines = devices.map((device) => ({ ...device, interfaces: device.interfaces.map((number) => ({ number })) }));
  return `${JSON.stringify({ devices: lines })}\n`;
}

export function parseGuarded(line: string): readonly GuardedDevice[] {
  return Reader.json(line, 'guarded').list('devices', DEVICES_MAX, (device) => ({
    bus: device.integer('bus', 0, 255),
    address: device.integer('address', 0, 255),
    vendorId: device.integer('vendorId', 0, 0xffff),
    productId: device.integer('productId', 0, 0xffff),
    interfaces: device.list('interfaces', INTERFACES_MAX, (one) => one.integer('number', 0, 255)),
  }));
}

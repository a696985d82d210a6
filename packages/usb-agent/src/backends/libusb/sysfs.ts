import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Linux shows what it has read from each device, for everybody and without opening anything. */
const DEVICES = '/sys/bus/usb/devices';
/** A USB string has at most 126 UTF-16 units, which is at most 378 bytes of UTF-8. */
const MAX_BYTES = 512;

/** The device descriptor, in front of what it is that the device can be configured to. */
const DEVICE_DESCRIPTOR_BYTES = 18;
/** Of all configurations together; each has at most 65,535 bytes, and a real device some hundreds in all. */
const MAX_DESCRIPTOR_BYTES = 64 * 1024;

export interface SysfsFacts {
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serial: string | undefined;
  /** The first configuration descriptor, and what is behind it; undefined where it isn't shown. */
  readonly configuration: Uint8Array | undefined;
}

/** Where a device is plugged in, as the package says it; a root hub has no ports. */
export interface UsbPlace {
  readonly busNumber: number;
  readonly deviceAddress: number;
  readonly portNumbers?: readonly number[];
}

/** What a device says of itself; nothing where there is no such file system, as on every OS but Linux, or where another device has taken its place. */
export async function readSysfs(place: UsbPlace): Promise<SysfsFacts> {
  const { busNumber, deviceAddress, portNumbers } = place;
  const directory = join(DEVICES, portNumbers === undefined ? `usb${busNumber}` : `${busNumber}-${portNumbers.join('.')}`);
  const read = (name: string) => readAttribute(join(directory, name));
  const [address, manufacturer, product, serial] = await Promise.all(['devnum', 'manufacturer', 'product', 'serial'].map(read));
  const configuration = await readConfiguration(join(directory, 'descriptors'));
  if (Number(address) !== deviceAddress)
    return { manufacturer: undefined, product: undefined, serial: undefined, configuration: undefined };
  return { manufacturer, product, serial, configuration };
}

async function readAttribute(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path)).subarray(0, MAX_BYTES).toString('utf8').replace(/\n$/, '');
    return text === '' ? undefined : text;
  } catch {
    return undefined; // the device has no such string, or has just left
  }
}

async function readConfiguration(path: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = (await readFile(path)).subarray(DEVICE_DESCRIPTOR_BYTES, MAX_DESCRIPTOR_BYTES);
    const total = bytes.length < 4 ? bytes.length : bytes.readUInt16LE(2);
    return bytes.subarray(0, total);
  } catch {
    return undefined; // the device has just left
  }
}

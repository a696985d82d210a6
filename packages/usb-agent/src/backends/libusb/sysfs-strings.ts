import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Linux shows what it has read from each device, for everybody and without opening anything. */
const DEVICES = '/sys/bus/usb/devices';
/** A USB string has at most 126 UTF-16 units, which is at most 378 bytes of UTF-8. */
const MAX_BYTES = 512;

export interface SysfsStrings {
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serial: string | undefined;
}

/** Where a device is plugged in, as the package says it; a root hub has no ports. */
export interface UsbPlace {
  readonly busNumber: number;
  readonly deviceAddress: number;
  readonly portNumbers?: readonly number[];
}

/** A device's strings; none where there is no such file system, as on every OS but Linux, or where another device has taken its place. */
export async function readSysfsStrings(place: UsbPlace): Promise<SysfsStrings> {
  const { busNumber, deviceAddress, portNumbers } = place;
  const directory = join(DEVICES, portNumbers === undefined ? `usb${busNumber}` : `${busNumber}-${portNumbers.join('.')}`);
  const read = (name: string) => readAttribute(join(directory, name));
  const [address, manufacturer, product, serial] = await Promise.all(['devnum', 'manufacturer', 'product', 'serial'].map(read));
  if (Number(address) !== deviceAddress) return { manufacturer: undefined, product: undefined, serial: undefined };
  return { manufacturer, product, serial };
}

async function readAttribute(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path)).subarray(0, MAX_BYTES).toString('utf8').replace(/\n$/, '');
    return text === '' ? undefined : text;
  } catch {
    return undefined; // the device has no such string, or has just left
  }
}

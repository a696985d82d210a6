import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Linux shows what it has read from each device, for everybody and without opening anything. */
const DEVICES = '/sys/bus/usb/devices';
/** A USB string has at most 126 UTF-16 units, which is at most 378 bytes of UTF-8. */
const MAX_TEXT = 512;

export interface SysfsStrings {
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serial: string | undefined;
}

/** The strings of all devices by `bus:address`. Empty where there is no such file system, as on every OS but Linux. */
export async function readSysfsStrings(): Promise<ReadonlyMap<string, SysfsStrings>> {
  let names: readonly string[];
  try {
    names = await readdir(DEVICES);
  } catch {
    return new Map(); // no sysfs: devices are listed without names
  }
  const devices = names.filter((name) => !name.includes(':')); // the others are interfaces
  const entries = await Promise.all(devices.map(readDevice));
  return new Map(entries.filter((entry) => entry !== undefined));
}

async function readDevice(name: string): Promise<readonly [string, SysfsStrings] | undefined> {
  const attribute = (attributeName: string) => readAttribute(join(DEVICES, name, attributeName));
  const [bus, address] = await Promise.all([attribute('busnum'), attribute('devnum')]);
  if (bus === undefined || address === undefined) return undefined;
  const [manufacturer, product, serial] = await Promise.all([attribute('manufacturer'), attribute('product'), attribute('serial')]);
  return [`${Number(bus)}:${Number(address)}`, { manufacturer, product, serial }];
}

async function readAttribute(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path)).subarray(0, MAX_TEXT).toString('utf8').replace(/\n$/, '');
    return text === '' ? undefined : text;
  } catch {
    return undefined; // the device has no such string, or has just left
  }
}

import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

const DEVICES = '/sys/bus/usb/devices';

/** The kernel driver of each interface of a device that is plugged into this machine, `none` where there is none; undefined where it isn't. */
export async function kernelDrivers(
  vendorId: string,
  productId: string,
  serial: string | undefined,
): Promise<readonly string[] | undefined> {
  const names = await readdir(DEVICES).catch(() => []); // no Linux, or no USB
  for (const name of names.filter((one) => !one.includes(':'))) {
    const attribute = (what: string) =>
      readFile(join(DEVICES, name, what), 'utf8').then(
        (text) => text.trim(),
        () => undefined,
      ); // it has none
    const isIt = (await attribute('idVendor')) === vendorId && (await attribute('idProduct')) === productId;
    if (!isIt || (serial !== undefined && (await attribute('serial')) !== serial)) continue;
    const interfaces = names.filter((one) => one.startsWith(`${name}:`)).sort();
    return Promise.all(
      interfaces.map((one) =>
        readlink(join(DEVICES, one, 'driver')).then(
          (link) => basename(link),
          () => 'none',
        ),
      ),
    );
  }
  return undefined;
}

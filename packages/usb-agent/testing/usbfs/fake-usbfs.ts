import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseDeviceDescriptor } from '@usher/usb';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import type { SimDevice } from '../../src/backends/sim/sim-device.ts';
import { IoctlCaller } from './caller.ts';
import { FakeUsbfsDevice } from './fake-device.ts';
import { sendUevent, ueventMessage } from './uevent.ts';

const PRELOAD = 'libumockdev-preload.so.0';
const LIBRARY_DIRECTORIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib', '/usr/lib64'];
/**
 * The preload library names the socket on which a process hears of hotplug by its descriptor's number, and takes the name away from whoever had
 * it. Processes of one program would all have the same number; this begins each with a few hundred descriptors of its own.
 */
const NUMBERS_OF_ITS_OWN = `import { openSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) for (let left = process.pid % 499; left > 0; left -= 1) openSync('/');`;

interface Plugged {
  readonly device: FakeUsbfsDevice;
  readonly sysfs: string;
  readonly link: string;
  readonly node: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly server: Server;
}

/**
 * A USB bus for a real libusb, without USB, kernel or root (lab §6): a directory with /sys and /dev as Linux shows them, and usbfs's
 * ioctls answered by simulated devices. The process under test sees it through Debian's {@link PRELOAD}. It must be another process than
 * this one: libusb waits for answers that come from here.
 */
export class FakeUsbfs {
  readonly #directory = mkdtempSync(join(tmpdir(), 'usher-usbfs-'));
  readonly #plugged = new Map<SimDevice, Plugged>();
  /** Number 1 is the root hub, which isn't shown. */
  #lastNumber = 1;

  constructor() {
    for (const path of ['sys/bus/usb/devices', 'dev/.node', 'dev/bus/usb/001', 'ioctl/dev/bus/usb/001', 'run/udev/data']) {
      mkdirSync(join(this.#directory, path), { recursive: true });
    }
    writeFileSync(join(this.#directory, 'run/udev/control'), '');
  }

  /** Undefined where the preload library is installed, otherwise what to install. */
  static missing(): string | undefined {
    const found = LIBRARY_DIRECTORIES.some((directory) => existsSync(join(directory, PRELOAD)));
    return found ? undefined : 'the package libumockdev0 is missing: apt install libumockdev0';
  }

  /** What a process needs in its environment to see this bus. */
  get environment(): Readonly<Record<string, string>> {
    const options = `--import=data:text/javascript,${encodeURIComponent(NUMBERS_OF_ITS_OWN)}`;
    return { LD_PRELOAD: PRELOAD, UMOCKDEV_DIR: this.#directory, NODE_OPTIONS: options };
  }

  async plug(sim: SimDevice, driver?: string): Promise<FakeUsbfsDevice> {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const name = `1-${number - 1}`;
    const padded = String(number).padStart(3, '0');
    const path = `/devices/pci0/usb1/${name}`;
    const [sysfs, link] = [this.#path(`sys${path}`), this.#path(`sys/bus/usb/devices/${name}`)];
    const node = this.#path(`dev/bus/usb/001/${padded}`);
    const properties = propertiesOf(sim, number, path);

    for (const [attribute, content] of Object.entries(attributesOf(sim, number, properties))) this.#write(join(sysfs, attribute), content);
    symlinkSync('../../../../bus/usb', join(sysfs, 'subsystem'));
    symlinkSync(`../../../devices/pci0/usb1/${name}`, link);
    symlinkSync(`189:${number - 1}`, this.#path(`dev/.node/bus_usb_001_${padded}`));
    if (spawnSync('mkfifo', [node]).status !== 0) throw new Error(`no FIFO at ${node}`);

    const device = new FakeUsbfsDevice(sim, node, driver);
    const server = createServer((socket) => void device.serve(new IoctlCaller(socket)));
    await new Promise<void>((resolve) => server.listen(this.#path(`ioctl/dev/bus/usb/001/${padded}`), resolve));
    this.#plugged.set(sim, { device, sysfs, link, node, properties, server });
    sendUevent(this.#directory, ueventMessage({ ACTION: 'add', ...properties, SEQNUM: String(number) }));
    return device;
  }

  /** As if somebody pulled the cable. */
  unplug(sim: SimDevice): void {
    const plugged = this.#plugged.get(sim);
    if (plugged === undefined) return;
    this.#plugged.delete(sim);
    plugged.device.unplug();
    for (const path of [plugged.sysfs, plugged.link, plugged.node]) rmSync(path, { recursive: true, force: true });
    sendUevent(this.#directory, ueventMessage({ ACTION: 'remove', ...plugged.properties, SEQNUM: '9999' }));
    plugged.server.close();
  }

  async close(): Promise<void> {
    for (const { device, server } of this.#plugged.values()) {
      server.close();
      device.close();
    }
    await removeDirectory(this.#directory);
  }

  #path(path: string): string {
    return join(this.#directory, path);
  }

  #write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function propertiesOf(sim: SimDevice, number: number, path: string): Readonly<Record<string, string>> {
  const { vendorId, productId, deviceVersion } = parseDeviceDescriptor(sim.device);
  const padded = String(number).padStart(3, '0');
  return {
    DEVPATH: path,
    SUBSYSTEM: 'usb',
    MAJOR: '189',
    MINOR: String(number - 1),
    DEVNAME: `/dev/bus/usb/001/${padded}`,
    DEVTYPE: 'usb_device',
    DRIVER: 'usb',
    PRODUCT: [vendorId, productId, deviceVersion.toString(16)].map((part) => part.replace(/^0+(?=.)/, '')).join('/'),
    TYPE: '0/0/0',
    BUSNUM: '001',
    DEVNUM: padded,
  };
}

function attributesOf(
  sim: SimDevice,
  number: number,
  properties: Readonly<Record<string, string>>,
): Readonly<Record<string, string | Uint8Array>> {
  const { vendorId, productId } = parseDeviceDescriptor(sim.device);
  const kept = Object.entries(properties).filter(([name]) => name !== 'DEVPATH' && name !== 'SUBSYSTEM');
  const lines = kept.map(([name, value]) => `${name}=${name === 'DEVNAME' ? value.replace('/dev/', '') : value}\n`);
  return {
    uevent: lines.join(''),
    busnum: '1\n',
    devnum: `${number}\n`,
    devpath: `${number - 1}\n`,
    dev: `189:${number - 1}\n`,
    speed: '480\n',
    bConfigurationValue: '1\n',
    bNumConfigurations: '1\n',
    idVendor: `${vendorId}\n`,
    idProduct: `${productId}\n`,
    manufacturer: `${sim.identity.manufacturer}\n`,
    product: `${sim.identity.product}\n`,
    serial: `${sim.identity.serial}\n`,
    descriptors: Buffer.concat([sim.device, sim.configuration]),
  };
}

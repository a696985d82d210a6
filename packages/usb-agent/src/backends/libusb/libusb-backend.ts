import type { ChildProcess } from 'node:child_process';
import { CodedError } from '@usher/protocol';
import {
  chooseDevice,
  type HotplugEvent,
  platformClock,
  type UsbBackend,
  type UsbDeviceDescription,
  type UsbDeviceHandle,
  type UsbOpenQuery,
} from '@usher/usb';
import type { Device } from 'usb';
import { DeviceProcess } from '../../device-process/device-process.ts';
import { DeviceProcesses } from '../../device-process/device-processes.ts';
import type { DriverGuard } from '../../guard/driver-guard.ts';
import { risksOf } from '../../risks.ts';
import { readSysfs } from './sysfs.ts';

type UsbModule = typeof import('usb');

/** What the backend runs beside itself. */
export interface LibusbSurroundings {
  readonly guard: DriverGuard;
  /** Starts the process of one device. */
  readonly startDevice: () => ChildProcess;
}

/** Loads the package and starts libusb; `usb.backend-unavailable` says what is missing. */
export async function openLibusb(surroundings: LibusbSurroundings): Promise<UsbBackend> {
  let module: UsbModule;
  try {
    module = await import('usb');
  } catch (error) {
    throw new CodedError('usb.backend-unavailable', 'libusb can’t be loaded; on Debian: apt install libudev1', { cause: error });
  }
  if (module.usb.INIT_ERROR !== 0) {
    throw new CodedError('usb.backend-unavailable', `libusb can’t start on this machine (error ${module.usb.INIT_ERROR})`);
  }
  const backend = new LibusbBackend(module, surroundings);
  await backend.list(); // what is plugged in now is no news, and is known when it leaves
  return backend;
}

/** The devices of this machine through libusb (U2.2): listed and watched here, each opened in a process of its own. */
class LibusbBackend implements UsbBackend {
  readonly name = 'libusb';
  readonly #module: UsbModule;
  readonly #guard: DriverGuard;
  readonly #processes: DeviceProcesses;
  readonly #listeners = new Set<(event: HotplugEvent) => void>();
  readonly #handles = new Map<string, DeviceProcess | 'opening'>();
  /** How each device was described when it was last seen: one that has left can't be asked any more. */
  readonly #seen = new Map<string, UsbDeviceDescription>();

  constructor(module: UsbModule, { guard, startDevice }: LibusbSurroundings) {
    this.#module = module;
    this.#guard = guard;
    this.#processes = new DeviceProcesses(
      startDevice,
      platformClock(() => performance.now()),
    );
    module.usb.on('attach', (device) => void this.#attached(device));
    module.usb.on('detach', (device) => this.#detached(device));
    module.usb.unrefHotplugEvents();
  }

  async list(): Promise<readonly UsbDeviceDescription[]> {
    return (await this.#devices()).map(({ description }) => description);
  }

  async open(query: UsbOpenQuery): Promise<UsbDeviceHandle> {
    const devices = await this.#devices();
    const chosen = chooseDevice(
      devices.map(({ description }) => description),
      query,
    );
    const device = devices.find(({ description }) => description === chosen)?.device;
    if (device === undefined) throw new CodedError('usb.device-gone', 'the device was unplugged');

    const key = keyOf(device);
    if (this.#handles.has(key)) {
      throw new CodedError('usb.device-busy', `device ${chosen.vendorId}:${chosen.productId} is in use by another claim`);
    }
    this.#guard.stand();
    const child = this.#processes.take();
    this.#handles.set(key, 'opening'); // until its process says that it is closed, or ends
    const handle = await this.#openIn(child, device, chosen);
    if (this.#handles.has(key)) this.#handles.set(key, handle);
    if (!this.#seen.has(key)) handle.unplugged(); // while it was being opened
    return handle;
  }

  onHotplug(listener: (event: HotplugEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#module.usb.removeAllListeners('attach');
    this.#module.usb.removeAllListeners('detach');
    const open = [...this.#handles.values()].filter((handle) => handle !== 'opening');
    await Promise.all(open.map((handle) => handle.close()));
    this.#processes.end();
  }

  async #openIn(child: ChildProcess, device: Device, listed: UsbDeviceDescription): Promise<DeviceProcess> {
    const guard = this.#guard;
    const key = keyOf(device);
    const identity = identityOf(device);
    const interfaces: number[] = [];
    try {
      return await DeviceProcess.open(
        child,
        { bus: identity.bus, address: identity.address, listed },
        {
          detaching(interfaceNumber) {
            interfaces.push(interfaceNumber);
            guard.detaching(identity, interfaceNumber);
          },
          restored: () => guard.restored(identity),
          closed: (free) => {
            this.#handles.delete(key);
            this.#processes.giveBack(free);
          },
          ended: (isOwed) => {
            this.#handles.delete(key);
            if (isOwed) guard.giveBack({ ...identity, interfaces });
          },
        },
      );
    } finally {
      this.#processes.stock();
    }
  }

  async #devices(): Promise<readonly { readonly device: Device; readonly description: UsbDeviceDescription }[]> {
    const devices = this.#module.usb.getDeviceList();
    const described = await Promise.all(devices.map(async (device) => ({ device, description: await describe(device) })));
    const present = new Set(this.#module.usb.getDeviceList().map(keyOf)); // some may have left while they were described
    for (const { device, description } of described) if (present.has(keyOf(device))) this.#seen.set(keyOf(device), description);
    return described;
  }

  async #attached(device: Device): Promise<void> {
    const description = await describe(device);
    this.#seen.set(keyOf(device), description);
    this.#announce({ kind: 'added', device: description });
  }

  #detached(device: Device): void {
    const key = keyOf(device);
    const description = this.#seen.get(key);
    this.#seen.delete(key);
    const handle = this.#handles.get(key);
    if (handle !== undefined && handle !== 'opening') handle.unplugged();
    // A device that came and went between two looks was never told of.
    if (description !== undefined) this.#announce({ kind: 'removed', device: description });
  }

  #announce(event: HotplugEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Only what needs no opening: the descriptors, which the kernel has read already, and the strings that sysfs shows. */
async function describe(device: Device): Promise<UsbDeviceDescription> {
  const { idVendor, idProduct, bDeviceClass } = device.deviceDescriptor;
  const { configuration, ...strings } = await readSysfs(device);
  const ids = { vendorId: hex4(idVendor), productId: hex4(idProduct) };
  return {
    ...ids,
    ...strings,
    ...(configuration === undefined ? {} : { risks: risksOf(ids, configuration) }),
    busLocation: `bus=${device.busNumber} addr=${device.deviceAddress}`,
    deviceClass: bDeviceClass,
    extra: {},
  };
}

/** Bus and address: unique while the device stays plugged in. */
function keyOf(device: Device): string {
  return `${device.busNumber}:${device.deviceAddress}`;
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** Where the kernel has the device, and what it is: an address may be another device's later. */
function identityOf({ busNumber, deviceAddress, deviceDescriptor }: Device) {
  return { bus: busNumber, address: deviceAddress, vendorId: deviceDescriptor.idVendor, productId: deviceDescriptor.idProduct };
}

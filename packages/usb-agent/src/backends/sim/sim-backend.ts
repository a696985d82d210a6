import { CodedError } from '@usher/protocol';
import {
  chooseDevice,
  type HotplugEvent,
  parseDeviceDescriptor,
  type UsbBackend,
  type UsbDeviceDescription,
  type UsbDeviceHandle,
  type UsbOpenQuery,
} from '@usher/usb';
import { risksOf } from '../../risks.ts';
import { FidoKey } from './fido-key.ts';
import { Printer } from './printer.ts';
import { SerialBoard } from './serial-board.ts';
import type { SimDevice } from './sim-device.ts';
import { SimHandle } from './sim-handle.ts';
import { StorageStick } from './storage-stick.ts';

interface Slot {
  readonly device: SimDevice;
  readonly description: UsbDeviceDescription;
  handle: SimHandle | undefined;
}

/** The simulated backend (U2.6): a bus of devices that exist only here, for trying the product without hardware. */
export class SimBackend implements UsbBackend {
  readonly name = 'sim';
  readonly #slots: Slot[] = [];
  readonly #listeners = new Set<(event: HotplugEvent) => void>();
  #lastAddress = 0;

  /** Without `devices`: a security key, a serial board, a printer and a stick. */
  constructor(devices: readonly SimDevice[] = [new FidoKey(), new SerialBoard(), new Printer(), new StorageStick()]) {
    for (const device of devices) this.plug(device);
  }

  list(): Promise<readonly UsbDeviceDescription[]> {
    return Promise.resolve(this.#slots.map((slot) => slot.description));
  }

  async open(query: UsbOpenQuery): Promise<UsbDeviceHandle> {
    const chosen = chooseDevice(await this.list(), query);
    const slot = this.#slots.find((one) => one.description === chosen);
    if (slot === undefined) throw new CodedError('usb.device-gone', 'the device was unplugged');
    if (slot.handle !== undefined) {
      throw new CodedError('usb.device-busy', `device ${chosen.vendorId}:${chosen.productId} is in use by another claim`);
    }
    const handle = new SimHandle(slot.device, slot.description, () => {
      slot.handle = undefined;
    });
    slot.handle = handle;
    return handle;
  }

  onHotplug(listener: (event: HotplugEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    for (const { handle } of this.#slots) await handle?.close();
  }

  plug(device: SimDevice): void {
    this.#lastAddress += 1;
    const { vendorId, productId, deviceClass } = parseDeviceDescriptor(device.device);
    const description: UsbDeviceDescription = {
      vendorId,
      productId,
      ...device.identity,
      busLocation: `sim=1 addr=${this.#lastAddress}`,
      deviceClass,
      risks: risksOf({ vendorId, productId }, device.configuration),
      extra: {},
    };
    this.#slots.push({ device, description, handle: undefined });
    this.#announce({ kind: 'added', device: description });
  }

  /** As if somebody pulled the cable, also in the middle of a transfer. */
  unplug(device: SimDevice): void {
    const at = this.#slots.findIndex((slot) => slot.device === device);
    const [slot] = at < 0 ? [] : this.#slots.splice(at, 1);
    if (slot === undefined) return;
    slot.handle?.unplugged();
    this.#announce({ kind: 'removed', device: slot.description });
  }

  #announce(event: HotplugEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

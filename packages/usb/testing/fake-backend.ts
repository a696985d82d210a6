import { CodedError, type UsbConfigChange, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import type { HotplugEvent, UsbBackend, UsbDeviceDescription, UsbDeviceHandle, UsbOpenQuery } from '../src/backend.ts';
import { chooseDevice } from '../src/choose-device.ts';

/** What a fake device does with a transfer. It may wait for the signal, and must then reject. */
export type FakeTransfer = (request: UsbControlRequest | UsbEndpointRequest, signal: AbortSignal) => Promise<Uint8Array>;

/** A device with an IN and an OUT endpoint of each type, which answers what the test says. */
export interface FakeDevice {
  readonly description: UsbDeviceDescription;
  readonly configuration: Uint8Array;
  transfer: FakeTransfer;
}

/** Interface 0: bulk 0x81 and 0x02, interrupt 0x83 and 0x04, isochronous 0x85. */
export const FAKE_CONFIGURATION = Uint8Array.from([
  ...[9, 2, 53, 0, 1, 1, 0, 0x80, 50],
  ...[9, 4, 0, 0, 5, 0xff, 0, 0, 0],
  ...[7, 5, 0x81, 2, 64, 0, 0],
  ...[7, 5, 0x02, 2, 64, 0, 0],
  ...[7, 5, 0x83, 3, 8, 0, 10],
  ...[7, 5, 0x04, 3, 8, 0, 10],
  ...[7, 5, 0x85, 1, 0, 1, 1],
]);

let lastAddress = 0;

export function fakeDevice(
  overrides: Partial<UsbDeviceDescription> & { readonly configuration?: Uint8Array; readonly transfer?: FakeTransfer } = {},
): FakeDevice {
  const { configuration = FAKE_CONFIGURATION, transfer = answerAsAsked, ...description } = overrides;
  lastAddress += 1;
  return {
    description: {
      vendorId: '1209',
      productId: '0001',
      serial: 'A1',
      busLocation: `fake addr=${lastAddress}`,
      manufacturer: 'Fake',
      product: 'Device',
      deviceClass: 0,
      extra: {},
      ...description,
    },
    configuration,
    transfer,
  };
}

/** As many bytes as were asked for, counting up: enough to tell whether they arrived. */
export const answerAsAsked: FakeTransfer = (request) =>
  Promise.resolve(Uint8Array.from({ length: request.length }, (_, index) => index & 0xff));

/** Never answers, but stops when told to. */
export const neverAnswers: FakeTransfer = (_request, signal) =>
  new Promise((_resolve, reject) => {
    const stop = () => reject(new CodedError('usb.cancelled', 'the transfer was cancelled'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });

/** A backend whose devices do what a test says. */
export class FakeBackend implements UsbBackend {
  readonly name = 'fake';
  readonly devices: FakeDevice[];
  /** Every handle that was opened, oldest first. */
  readonly opened: FakeHandle[] = [];
  readonly #listeners = new Set<(event: HotplugEvent) => void>();
  /** Why the next listing, opening or closing fails. */
  failing: { list?: CodedError; open?: CodedError; take?: CodedError; close?: CodedError } = {};

  constructor(...devices: FakeDevice[]) {
    this.devices = devices;
  }

  get openHandles(): number {
    return this.opened.filter((handle) => !handle.isClosed).length;
  }

  list(): Promise<readonly UsbDeviceDescription[]> {
    return this.failing.list === undefined
      ? Promise.resolve(this.devices.map((device) => device.description))
      : Promise.reject(this.failing.list);
  }

  async open(query: UsbOpenQuery): Promise<UsbDeviceHandle> {
    if (this.failing.open !== undefined) throw this.failing.open;
    const chosen = chooseDevice(await this.list(), query);
    if (this.opened.some((handle) => !handle.isClosed && handle.listed === chosen)) {
      throw new CodedError('usb.device-busy', 'in use by another claim');
    }
    const device = this.devices.find((one) => one.description === chosen);
    if (device === undefined) throw new CodedError('usb.device-gone', 'unplugged');
    const handle = new FakeHandle(device, () => this.failing);
    this.opened.push(handle);
    return handle;
  }

  onHotplug(listener: (event: HotplugEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  plug(device: FakeDevice): void {
    this.devices.push(device);
    for (const listener of this.#listeners) listener({ kind: 'added', device: device.description });
  }

  unplug(device: FakeDevice): void {
    this.devices.splice(this.devices.indexOf(device), 1);
    for (const handle of this.opened) if (handle.listed === device.description) handle.unplugged();
    for (const listener of this.#listeners) listener({ kind: 'removed', device: device.description });
  }
}

export class FakeHandle implements UsbDeviceHandle {
  readonly listed: UsbDeviceDescription;
  /** What the opened device says it is; a test may let it differ from the listing. */
  device: UsbDeviceDescription;
  readonly configuration: Uint8Array;
  readonly #fake: FakeDevice;
  readonly #failing: () => { readonly take?: CodedError; readonly close?: CodedError };
  readonly #goneListeners: (() => void)[] = [];
  isClosed = false;
  isTaken = false;
  /** Changes that were asked for, oldest first. */
  readonly changes: UsbConfigChange[] = [];

  constructor(fake: FakeDevice, failing: () => { readonly take?: CodedError; readonly close?: CodedError }) {
    this.#fake = fake;
    this.#failing = failing;
    this.listed = fake.description;
    this.device = fake.description;
    this.configuration = fake.configuration;
  }

  take(): Promise<void> {
    const { take } = this.#failing();
    if (take !== undefined) return Promise.reject(take);
    this.isTaken = true;
    return Promise.resolve();
  }

  configure(change: UsbConfigChange): Promise<void> {
    this.changes.push(change);
    return Promise.resolve();
  }

  control(request: UsbControlRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#fake.transfer(request, signal);
  }

  bulk(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#fake.transfer(request, signal);
  }

  interrupt(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#fake.transfer(request, signal);
  }

  onGone(listener: () => void): void {
    this.#goneListeners.push(listener);
  }

  close(): Promise<void> {
    this.isClosed = true;
    const { close } = this.#failing();
    return close === undefined ? Promise.resolve() : Promise.reject(close);
  }

  unplugged(): void {
    for (const listener of this.#goneListeners) listener();
  }
}

import { CodedError, type UsbConfigChange, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import {
  parseConfiguration,
  parseDeviceDescriptor,
  parseStringDescriptor,
  RunningTransfers,
  type UsbDeviceDescription,
  type UsbDeviceHandle,
} from '@usher/usb';
import type { Device } from 'usb';
import { fromLibusb } from './libusb-errors.ts';
import { submitTransfer, type TransferConstructor } from './libusb-transfer.ts';

const TransferType = { Control: 0, Bulk: 2, Interrupt: 3 } as const;
const SETUP_BYTES = 8;
const DescriptorType = { Device: 1, Configuration: 2, String: 3 } as const;
/** Descriptor reads while a device is opened; one that doesn't answer within it isn't lent. */
const OPEN_TIMEOUT_MS = 2000;
const US_ENGLISH = 0x0409;
const NEVER = new AbortController().signal;
/** Standard requests (USB 2.0 §9.4) that change what libusb and the kernel believe about the device behind their back. */
const SET_ADDRESS = 5;

/** What a handle needs besides its device. */
interface LibusbSurroundings {
  readonly Transfer: TransferConstructor;
  /** Settles when the guard knows that the interface's driver is about to be detached. */
  readonly detaching: (interfaceNumber: number) => Promise<void>;
  /** Every driver has been given back. */
  readonly restored: () => void;
}

/** A device opened through libusb: every interface of its active configuration is ours, and goes back to its driver at the end (U2.2). */
export class LibusbHandle implements UsbDeviceHandle {
  readonly #device: Device;
  readonly #Transfer: TransferConstructor;
  readonly #surroundings: LibusbSurroundings;
  /** All must have come back before the device can be closed (lab §4, quirk 3). */
  readonly #transfers = new RunningTransfers();
  readonly #goneListeners: (() => void)[] = [];
  readonly #claimed = new Set<number>();
  readonly #detached = new Set<number>();
  #description: UsbDeviceDescription;
  #configuration: Uint8Array = new Uint8Array();
  #gone = false;
  #closing: Promise<void> | undefined;
  /** Settles when no change of the configuration is under way. The kernel's part of one can't be cancelled. */
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(device: Device, listed: UsbDeviceDescription, surroundings: LibusbSurroundings) {
    this.#device = device;
    this.#description = listed;
    this.#Transfer = surroundings.Transfer;
    this.#surroundings = surroundings;
  }

  /** Opens, and reads who the device is. On any failure everything is as it was. */
  static async open(device: Device, listed: UsbDeviceDescription, surroundings: LibusbSurroundings): Promise<LibusbHandle> {
    const handle = new LibusbHandle(device, listed, surroundings);
    try {
      // Not open(): with a malformed configuration that throws and leaves the device open (lab §3).
      device.__open();
    } catch (error) {
      throw fromLibusb(error, listed);
    }
    try {
      await handle.#identify();
      return handle;
    } catch (error) {
      await handle.close();
      throw fromLibusb(error, listed);
    }
  }

  get device(): UsbDeviceDescription {
    return this.#description;
  }

  get configuration(): Uint8Array {
    return this.#configuration;
  }

  async take(): Promise<void> {
    try {
      await this.#takeInterfaces();
    } catch (error) {
      throw fromLibusb(error, this.#description);
    }
  }

  /** One change at a time: the next one begins with what the last one left. */
  async configure(change: UsbConfigChange, timeoutMs: number): Promise<void> {
    const changed = this.#changing.then(() => this.#change(change));
    this.#changing = changed.catch(() => undefined); // its failure belongs to whoever asked for it
    try {
      await withinTime(timeoutMs, changed);
    } catch (error) {
      throw fromLibusb(error, this.#description);
    }
  }

  async control(request: UsbControlRequest, signal: AbortSignal): Promise<Uint8Array> {
    if ((request.requestType & 0x60) === 0 && request.request === SET_ADDRESS) {
      throw new CodedError('usb.unsupported', 'the address of a device is the operating system’s to set');
    }
    const isIn = (request.requestType & 0x80) !== 0;
    const data = request.data ?? new Uint8Array();
    const length = isIn ? request.length : data.length;
    const buffer = Buffer.alloc(SETUP_BYTES + length);
    buffer.writeUInt8(request.requestType, 0);
    buffer.writeUInt8(request.request, 1);
    buffer.writeUInt16LE(request.value, 2);
    buffer.writeUInt16LE(request.index, 4);
    buffer.writeUInt16LE(length, 6);
    if (!isIn) buffer.set(data, SETUP_BYTES);
    const actual = await this.#run(0, TransferType.Control, buffer, request.timeoutMs, signal);
    return isIn ? new Uint8Array(buffer.subarray(SETUP_BYTES, SETUP_BYTES + actual)) : new Uint8Array();
  }

  bulk(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#endpoint(TransferType.Bulk, request, signal);
  }

  interrupt(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#endpoint(TransferType.Interrupt, request, signal);
  }

  onGone(listener: () => void): void {
    if (this.#gone) queueMicrotask(listener);
    else this.#goneListeners.push(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#giveBack();
    return this.#closing;
  }

  /** The backend's word that the device was unplugged. */
  unplugged(): void {
    if (this.#gone) return;
    this.#gone = true;
    void this.#transfers.end(new CodedError('usb.device-gone', 'the device was unplugged'));
    for (const listener of this.#goneListeners) listener();
  }

  async #endpoint(type: number, request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    const buffer = request.direction === 'in' ? Buffer.alloc(request.length) : Buffer.from(request.data ?? new Uint8Array());
    const actual = await this.#run(request.endpoint, type, buffer, request.timeoutMs, signal);
    if (request.direction === 'in') return new Uint8Array(buffer.subarray(0, actual));
    if (actual < buffer.length) throw new CodedError('usb.transfer-failed', `only ${actual} of ${buffer.length} bytes were written`);
    return new Uint8Array();
  }

  async #run(endpoint: number, type: number, buffer: Buffer, timeoutMs: number, signal: AbortSignal): Promise<number> {
    try {
      return await this.#transfers.run(timeoutMs, signal, (stop) =>
        submitTransfer(this.#Transfer, { device: this.#device, endpoint, type, buffer }, stop),
      );
    } catch (error) {
      const failure = fromLibusb(error, this.#description);
      // The transfer often knows before the hotplug event does, which may come late or never.
      if (failure.code === 'usb.device-gone') this.unplugged();
      throw failure;
    }
  }

  /** Reads the descriptors from the device itself: the ACL judges them, not the listing. */
  async #identify(): Promise<void> {
    const found = parseDeviceDescriptor(await this.#descriptor(DescriptorType.Device, 0, 0, 18));
    const [manufacturer, product, serial] = [
      await this.#string(found.manufacturerIndex),
      await this.#string(found.productIndex),
      await this.#string(found.serialIndex),
    ];
    const { vendorId, productId, deviceClass } = found;
    this.#description = { ...this.#description, vendorId, productId, deviceClass, manufacturer, product, serial };
    this.#configuration = await this.#readConfiguration(found.configurations);
  }

  /** The active configuration, whole. A device that isn't configured has none to take interfaces of. */
  async #readConfiguration(count: number): Promise<Uint8Array> {
    const [active = 0] = await this.#standardIn(8, 0, 0, 1); // GET_CONFIGURATION
    for (let index = 0; index < count; index += 1) {
      const head = await this.#descriptor(DescriptorType.Configuration, index, 0, 9);
      if (head.length < 9 || (head[5] ?? 0) !== active) continue;
      const total = (head[2] ?? 0) | ((head[3] ?? 0) << 8);
      return this.#descriptor(DescriptorType.Configuration, index, 0, total);
    }
    return new Uint8Array();
  }

  async #string(index: number): Promise<string | undefined> {
    if (index === 0) return undefined;
    try {
      return parseStringDescriptor(await this.#descriptor(DescriptorType.String, index, US_ENGLISH, 255)) || undefined;
    } catch (error) {
      if (fromLibusb(error, this.#description).code === 'usb.stall') return undefined; // it names a string that it doesn't have
      throw error;
    }
  }

  #descriptor(type: number, index: number, language: number, length: number): Promise<Uint8Array> {
    return this.#standardIn(6, (type << 8) | index, language, length);
  }

  #standardIn(request: number, value: number, index: number, length: number): Promise<Uint8Array> {
    return this.control({ requestType: 0x80, request, value, index, length, data: undefined, timeoutMs: OPEN_TIMEOUT_MS }, NEVER);
  }

  /** By interface number: the package's own `interface(n).claim()` takes the n-th instead (lab §4, quirk 4). */
  async #takeInterfaces(): Promise<void> {
    for (const number of interfaceNumbers(this.#configuration)) await this.#takeInterface(number);
  }

  async #takeInterface(number: number): Promise<void> {
    if (this.#claimed.has(number)) return;
    if (this.#hasDriver(number)) {
      await this.#surroundings.detaching(number);
      this.#device.__detachKernelDriver(number);
      this.#detached.add(number);
    }
    this.#device.__claimInterface(number);
    this.#claimed.add(number);
  }

  async #change(change: UsbConfigChange): Promise<void> {
    switch (change.action) {
      case 'set-configuration':
        return this.#setConfiguration(change.value);
      case 'set-interface':
        return called((done) => this.#device.__setInterface(change.interfaceNumber, change.alternate, done));
      case 'clear-halt':
        return called((done) => this.#device.__clearHalt(change.endpoint, done));
      case 'reset':
        return called((done) => this.#device.reset(done));
      case 'claim-interface':
        await this.#takeInterface(change.interfaceNumber);
        return;
      case 'release-interface':
        await this.#releaseInterface(change.interfaceNumber);
        return;
    }
  }

  /** The kernel refuses while an interface is claimed, and drives the new ones itself until they are taken, too. */
  async #setConfiguration(value: number): Promise<void> {
    for (const number of [...this.#claimed]) await this.#release(number);
    this.#detached.clear(); // of the interfaces that were; the kernel finds drivers for the new ones
    await called((done) => this.#device.__setConfiguration(value, done));
    this.#configuration = await this.#readConfiguration(this.#device.deviceDescriptor.bNumConfigurations);
    await this.#takeInterfaces();
  }

  /** Back to its kernel driver, if it had one. */
  async #releaseInterface(number: number): Promise<void> {
    if (this.#claimed.has(number)) await this.#release(number);
    if (this.#detached.has(number)) this.#attachDriver(number);
  }

  #hasDriver(number: number): boolean {
    try {
      return this.#device.__isKernelDriverActive(number);
    } catch {
      return false; // an OS that arbitrates drivers itself, or an interface that the kernel doesn't know
    }
  }

  /** Transfers first, then interfaces, then their drivers, then the device: in any other order something stays busy (usb-field §7, row 41). */
  async #giveBack(): Promise<void> {
    await this.#transfers.end(new CodedError('usb.closed', 'handle is closed'));
    await this.#changing;
    for (const number of [...this.#claimed]) await this.#release(number);
    for (const number of [...this.#detached]) this.#attachDriver(number);
    this.#surroundings.restored();
    try {
      this.#device.__close();
    } catch (error) {
      throw fromLibusb(error, this.#description);
    }
  }

  #release(number: number): Promise<void> {
    this.#claimed.delete(number);
    return new Promise((resolve) => {
      // A failure means that the device is gone, and the interface with it.
      this.#device.__releaseInterface(number, () => resolve());
    });
  }

  #attachDriver(number: number): void {
    this.#detached.delete(number);
    try {
      this.#device.__attachKernelDriver(number);
    } catch {
      // The device is gone, or another program has taken the interface in between: the kernel has its driver or needs none.
    }
  }
}

/** One of the package's calls that tell by callback how they went. */
function called(call: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

async function withinTime(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CodedError('usb.timeout', `not done within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function interfaceNumbers(configuration: Uint8Array): ReadonlySet<number> {
  if (configuration.length === 0) return new Set();
  try {
    return new Set(parseConfiguration(configuration).interfaces.map((one) => one.number));
  } catch (error) {
    throw new CodedError('usb.unsupported', 'the device describes itself in a way that makes no sense', { cause: error });
  }
}

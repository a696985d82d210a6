import { isCoded } from '@usher/protocol';
import { parseConfiguration } from '@usher/usb';
import type { Setup, SimDevice } from '../../src/backends/sim/sim-device.ts';
import type { IoctlCaller } from './caller.ts';
import { CAPABILITIES, Errno, Ioctl, readUrb, URB_ACTUAL_OFFSET, URB_BYTES, URB_STATUS_OFFSET, type UrbHeader, UrbType } from './ioctls.ts';
import { UrbQueue } from './urb-queue.ts';

const SETUP_BYTES = 8;
const HIGH_SPEED = 3;

interface Pending {
  readonly caller: IoctlCaller;
  readonly stop: AbortController;
}

/** One simulated device as Linux's usbfs would show it: URBs, claimed interfaces, kernel drivers. */
export class FakeUsbfsDevice {
  readonly sim: SimDevice;
  readonly #queue: UrbQueue;
  readonly #driver: string | undefined;
  readonly #drivers = new Map<number, string>();
  readonly #detachedDrivers = new Map<number, string>();
  readonly #bindings = new Set<() => void>();
  readonly #claimed = new Map<number, IoctlCaller>();
  readonly #pending = new Map<bigint, Pending>();
  #openings = 0;
  #gone = false;
  #thawed: Promise<void> = Promise.resolve();
  #thaw: () => void = () => undefined;

  /** `driver` is bound to every interface, as the kernel would have done. */
  constructor(sim: SimDevice, node: string, driver: string | undefined) {
    this.sim = sim;
    this.#queue = new UrbQueue(node);
    this.#driver = driver;
    if (driver === undefined) return;
    for (const number of this.#numbers) this.#drivers.set(number, driver);
  }

  get #numbers(): ReadonlySet<number> {
    return new Set(parseConfiguration(this.sim.configuration).interfaces.map(({ number }) => number));
  }

  /** The kernel's drivers by interface. */
  get drivers(): ReadonlyMap<number, string> {
    return this.#drivers;
  }

  /** Settles as soon as so many interfaces have their driver. */
  async untilBound(count: number): Promise<void> {
    while (this.#drivers.size < count) await new Promise<void>((resolve) => this.#bindings.add(resolve));
  }

  /** Interfaces that a process has claimed. */
  get claimed(): number {
    return this.#claimed.size;
  }

  /** Descriptors of it that processes have open. */
  get openings(): number {
    return this.#openings;
  }

  /** Answers the ioctls of one open descriptor until it is closed. */
  async serve(caller: IoctlCaller): Promise<void> {
    this.#openings += 1;
    for (let call = await caller.next(); call !== undefined; call = await caller.next()) {
      await this.#thawed;
      await this.#answer(caller, call.request, call.argument);
    }
    this.#openings -= 1;
    for (const [number, owner] of this.#claimed) if (owner === caller) this.#claimed.delete(number);
    for (const [address, pending] of this.#pending) {
      if (pending.caller !== caller) continue;
      pending.stop.abort();
      this.#pending.delete(address);
    }
    this.#queue.forget(caller);
  }

  /** The kernel waits for the device: every ioctl hangs from now on, as with a device whose firmware is stuck (lab §4, quirk 2). */
  freeze(): void {
    this.#thawed = new Promise((resolve) => {
      this.#thaw = resolve;
    });
  }

  thaw(): void {
    this.#thaw();
  }

  unplug(): void {
    this.#gone = true;
    for (const [address, { stop }] of [...this.#pending]) {
      stop.abort();
      this.#complete(address, -Errno.Shutdown);
    }
  }

  close(): void {
    this.#queue.close();
  }

  async #answer(caller: IoctlCaller, request: number, argument: bigint): Promise<void> {
    const worksWithoutDevice = request === Ioctl.ReapUrb || request === Ioctl.ReapUrbNoDelay || request === Ioctl.DiscardUrb;
    if (this.#gone && !worksWithoutDevice) {
      caller.fail(Errno.NoDevice);
      return;
    }
    const interfaceNumber = async () => (await caller.readMemory(argument, 4)).readUInt32LE(0);
    switch (request) {
      case Ioctl.GetCapabilities:
        caller.writeMemory(argument, u32(CAPABILITIES));
        caller.done();
        return;
      case Ioctl.GetSpeed:
        caller.done(HIGH_SPEED);
        return;
      case Ioctl.ClaimInterface:
        this.#claim(caller, await interfaceNumber());
        return;
      case Ioctl.ReleaseInterface:
        this.#claimed.delete(await interfaceNumber());
        caller.done();
        return;
      case Ioctl.GetDriver:
        this.#getDriver(caller, argument, await interfaceNumber());
        return;
      case Ioctl.InterfaceIoctl:
        this.#interfaceIoctl(caller, await caller.readMemory(argument, 16));
        return;
      case Ioctl.SubmitUrb:
        await this.#submit(caller, argument, readUrb(await caller.readMemory(argument, URB_BYTES)));
        return;
      case Ioctl.DiscardUrb:
        this.#discard(caller, argument);
        return;
      case Ioctl.ReapUrb:
      case Ioctl.ReapUrbNoDelay:
        this.#reap(caller, argument);
        return;
      case Ioctl.SetConfiguration:
        this.#setConfiguration(caller, await interfaceNumber());
        return;
      case Ioctl.SetInterface: {
        const body = await caller.readMemory(argument, 8);
        this.#told(caller, { requestType: 0x01, request: 11, value: body.readUInt32LE(4), index: body.readUInt32LE(0), length: 0 });
        return;
      }
      case Ioctl.ClearHalt:
      case Ioctl.ResetEndpoint:
        this.#told(caller, { requestType: 0x02, request: 1, value: 0, index: await interfaceNumber(), length: 0 });
        return;
      case Ioctl.Reset:
        this.sim.reset();
        caller.done();
        return;
      default:
        caller.fail(Errno.NotTty);
    }
  }

  /** The kernel refuses while an interface is claimed, and finds drivers for the new ones. */
  #setConfiguration(caller: IoctlCaller, value: number): void {
    if (this.#claimed.size > 0) {
      caller.fail(Errno.Busy);
      return;
    }
    this.#detachedDrivers.clear();
    for (const number of this.#numbers) if (this.#driver !== undefined) this.#drivers.set(number, this.#driver);
    this.#told(caller, { requestType: 0x00, request: 9, value, index: 0, length: 0 });
  }

  #told(caller: IoctlCaller, setup: Setup): void {
    try {
      this.sim.control(setup, new Uint8Array());
      caller.done();
    } catch {
      caller.fail(Errno.Pipe); // the device stalled
    }
  }

  #claim(caller: IoctlCaller, number: number): void {
    if (this.#drivers.has(number) || this.#claimed.has(number)) {
      caller.fail(Errno.Busy);
      return;
    }
    this.#claimed.set(number, caller);
    caller.done();
  }

  #getDriver(caller: IoctlCaller, argument: bigint, number: number): void {
    const name = this.#claimed.has(number) ? 'usbfs' : this.#drivers.get(number);
    if (name === undefined) {
      caller.fail(Errno.NoData);
      return;
    }
    caller.writeMemory(argument + 4n, Buffer.from(name.padEnd(256, '\0')));
    caller.done();
  }

  /** Detaching and attaching a kernel driver: an ioctl inside an ioctl. */
  #interfaceIoctl(caller: IoctlCaller, body: Buffer): void {
    const [number, inner] = [body.readInt32LE(0), body.readInt32LE(4)];
    const [from, to, failure] =
      inner === Ioctl.Disconnect
        ? [this.#drivers, this.#detachedDrivers, Errno.NoData]
        : [this.#detachedDrivers, this.#drivers, this.#claimed.has(number) ? Errno.Busy : Errno.NoData];
    const driver = this.#claimed.has(number) ? undefined : from.get(number);
    if (driver === undefined) {
      caller.fail(failure);
      return;
    }
    from.delete(number);
    to.set(number, driver);
    for (const told of this.#bindings) told();
    this.#bindings.clear();
    caller.done(inner === Ioctl.Connect ? 1 : 0);
  }

  async #submit(caller: IoctlCaller, address: bigint, urb: UrbHeader): Promise<void> {
    const isControl = urb.type === UrbType.Control;
    const setup = isControl ? await caller.readMemory(urb.buffer, SETUP_BYTES) : undefined;
    const isIn = ((setup?.[0] ?? urb.endpoint) & 0x80) !== 0;
    const head = isControl ? SETUP_BYTES : 0;
    const target = urb.buffer + BigInt(head);
    const data = isIn ? Buffer.alloc(0) : await caller.readMemory(target, urb.length - head);
    const stop = new AbortController();
    this.#pending.set(address, { caller, stop });
    caller.done(); // what follows takes as long as the device does; the process goes on meanwhile
    const work = () => (setup === undefined ? this.#endpoint(urb, isIn, data, stop.signal) : this.sim.control(parseSetup(setup), data));
    void this.#perform(address, stop.signal, work, { isIn, target, room: urb.length - head, sent: data.length });
  }

  async #perform(
    address: bigint,
    stop: AbortSignal,
    work: () => Uint8Array | Promise<Uint8Array>,
    urb: { readonly isIn: boolean; readonly target: bigint; readonly room: number; readonly sent: number },
  ): Promise<void> {
    try {
      const result = await work();
      const kept = urb.isIn ? result.subarray(0, urb.room) : new Uint8Array();
      this.#complete(address, 0, urb.isIn ? kept.length : urb.sent, urb.target, kept);
    } catch (error) {
      if (!stop.aborted) this.#complete(address, isCoded(error, 'usb.stall') ? -Errno.Pipe : -Errno.Protocol);
    }
  }

  async #endpoint(urb: UrbHeader, isIn: boolean, data: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    if (isIn) return this.sim.read(urb.endpoint, urb.length, signal);
    await this.sim.write(urb.endpoint, data, signal);
    return new Uint8Array();
  }

  #discard(caller: IoctlCaller, address: bigint): void {
    const pending = this.#pending.get(address);
    if (pending === undefined) {
      caller.fail(Errno.Invalid);
      return;
    }
    pending.stop.abort();
    this.#complete(address, -Errno.NoEntry);
    caller.done();
  }

  #complete(address: bigint, status: number, actual = 0, target = 0n, data: Uint8Array = new Uint8Array()): void {
    const pending = this.#pending.get(address);
    if (pending === undefined) return;
    this.#pending.delete(address);
    this.#queue.complete({ caller: pending.caller, address, status, actual, target, data });
  }

  #reap(caller: IoctlCaller, argument: bigint): void {
    const urb = this.#queue.reap(caller);
    if (urb === undefined) {
      caller.fail(this.#gone ? Errno.NoDevice : Errno.Again);
      return;
    }
    caller.writeMemory(urb.target, urb.data);
    caller.writeMemory(urb.address + URB_STATUS_OFFSET, u32(urb.status));
    caller.writeMemory(urb.address + URB_ACTUAL_OFFSET, u32(urb.actual));
    const pointer = Buffer.alloc(8);
    pointer.writeBigUInt64LE(urb.address);
    caller.writeMemory(argument, pointer);
    caller.done();
  }
}

function parseSetup(bytes: Buffer) {
  return {
    requestType: bytes.readUInt8(0),
    request: bytes.readUInt8(1),
    value: bytes.readUInt16LE(2),
    index: bytes.readUInt16LE(4),
    length: bytes.readUInt16LE(6),
  };
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

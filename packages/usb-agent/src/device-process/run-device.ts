import type { Readable, Writable } from 'node:stream';
import { CodedError, toWire, v2Failure } from '@usher/protocol';
import type { Logger } from 'pino';
import { LibusbHandle } from '../backends/libusb/libusb-handle.ts';
import { EnvelopeOutput } from '../envelope-output.ts';
import { readEnvelopes } from '../host-stream.ts';
import { type DevicePlace, decodeToDevice, encodeFromDevice, type FromDevice, MAX_DEVICE_MESSAGE, type ToDevice } from './device-link.ts';

/** How long giving the device back may take once the agent is gone. */
const FAREWELL_MS = 2000;
const NOTHING = new Uint8Array();

/**
 * One device's process (U2.2): libusb's calls into the kernel are made here, so a device that freezes in one holds nobody else's up. It has one
 * device at a time, and gives it back when the agent is gone.
 */
export async function runDevice(input: Readable, output: Writable, log: Logger): Promise<void> {
  const device = new DeviceServer(output);
  await import('usb'); // now, and not when a device waits to be opened
  try {
    await readEnvelopes(input, MAX_DEVICE_MESSAGE, (message) => device.receive(decodeToDevice(message)));
  } catch (error) {
    log.error({ error: toWire(error) }, 'the agent sent something that makes no sense');
  }
  const patience = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS));
  await Promise.race([
    device.close().catch((error: unknown) => log.warn({ error: toWire(error) }, 'the device was not given back')),
    patience,
  ]);
}

class DeviceServer {
  readonly #output: EnvelopeOutput;
  readonly #running = new Map<number, AbortController>();
  readonly #guarded = new Map<number, () => void>();
  #lastDetaching = 0;
  /** The latest wish to open a device, which may be given up before it is fulfilled. */
  #opening: Promise<void> = Promise.resolve();
  #handle: LibusbHandle | undefined;

  constructor(output: Writable) {
    this.#output = new EnvelopeOutput(output);
  }

  receive(message: ToDevice): void {
    const { type, id } = message;
    if (type === 'cancel') this.#running.get(id)?.abort();
    else if (type === 'guarded') this.#guarded.get(id)?.();
    else void this.#answer(message);
  }

  /** Gives the device back, also one that is only being opened: otherwise it would stay open, with nobody who knows of it. */
  async close(): Promise<void> {
    await this.#opening.catch(() => undefined); // it couldn't be opened, and whoever asked for it was told
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #answer(message: Exclude<ToDevice, { readonly type: 'cancel' | 'guarded' }>): Promise<void> {
    const stop = new AbortController();
    const { id } = message;
    this.#running.set(id, stop);
    try {
      if (message.type === 'open') {
        this.#opening = this.#open(id, message.place);
        await this.#opening;
      } else {
        const data = await this.#perform(message, stop.signal);
        await this.#say({ type: 'done', reply: { transfer: id, ok: true, actual: data.length, data } });
      }
    } catch (error) {
      await this.#say({ type: 'done', reply: v2Failure(id, error) });
    } finally {
      this.#running.delete(id);
    }
  }

  async #open(id: number, { bus, address, listed }: DevicePlace): Promise<void> {
    if (this.#handle !== undefined) throw new CodedError('usb.device-busy', 'this process has a device');
    const { usb } = await import('usb');
    const device = usb.getDeviceList().find((one) => one.busNumber === bus && one.deviceAddress === address);
    if (device === undefined) throw new CodedError('usb.device-gone', 'the device was unplugged');
    const handle = await LibusbHandle.open(device, listed, {
      Transfer: usb.Transfer,
      detaching: (interfaceNumber) => this.#detaching(interfaceNumber),
      restored: () => void this.#say({ type: 'restored' }),
    });
    this.#handle = handle;
    handle.onGone(() => {
      if (this.#handle === handle) void this.#say({ type: 'gone' });
    });
    await this.#say({ type: 'opened', id, device: handle.device, configuration: handle.configuration });
  }

  async #perform(message: Exclude<ToDevice, { readonly type: 'open' | 'cancel' | 'guarded' }>, signal: AbortSignal): Promise<Uint8Array> {
    if (message.type === 'close') {
      await this.close();
      return NOTHING;
    }
    const handle = this.#handle;
    if (handle === undefined) throw new CodedError('usb.closed', 'the device is not open');
    switch (message.type) {
      case 'take':
        await handle.take();
        return NOTHING;
      case 'control':
        return handle.control(message.request, signal);
      case 'bulk':
        return handle.bulk(message.request, signal);
      case 'interrupt':
        return handle.interrupt(message.request, signal);
      case 'config':
        await handle.configure(message.change, message.timeoutMs);
        return handle.configuration;
    }
  }

  /** The driver goes only once the guard knows that it is owed: this process may be killed right afterwards. */
  #detaching(interfaceNumber: number): Promise<void> {
    this.#lastDetaching += 1;
    const id = this.#lastDetaching;
    return new Promise((resolve) => {
      this.#guarded.set(id, () => {
        this.#guarded.delete(id);
        resolve();
      });
      void this.#say({ type: 'detaching', id, interfaceNumber });
    });
  }

  async #say(message: FromDevice): Promise<void> {
    await this.#output.send(encodeFromDevice(message));
  }
}

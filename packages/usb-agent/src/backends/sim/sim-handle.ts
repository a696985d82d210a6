import { CodedError, type UsbConfigChange, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import { RunningTransfers, type UsbDeviceDescription, type UsbDeviceHandle } from '@usher/usb';
import type { SimDevice } from './sim-device.ts';

const NEVER = new AbortController().signal;

/** One opened simulated device. */
export class SimHandle implements UsbDeviceHandle {
  readonly device: UsbDeviceDescription;
  readonly #sim: SimDevice;
  readonly #released: () => void;
  readonly #transfers = new RunningTransfers();
  readonly #goneListeners: (() => void)[] = [];
  #gone = false;
  #closed = false;

  constructor(sim: SimDevice, description: UsbDeviceDescription, released: () => void) {
    this.#sim = sim;
    this.device = description;
    this.#released = released;
  }

  get configuration(): Uint8Array {
    return this.#sim.configuration;
  }

  /** Nothing drives a device that exists only here. */
  take(): Promise<void> {
    return Promise.resolve();
  }

  /** As the kernel would say it to the device; which interfaces are claimed is the kernel's own affair. */
  configure(change: UsbConfigChange, timeoutMs: number): Promise<void> {
    return this.#transfers.run(timeoutMs, NEVER, () => {
      const say = (requestType: number, request: number, value: number, index: number) =>
        void this.#sim.control({ requestType, request, value, index, length: 0 }, new Uint8Array());
      if (change.action === 'set-configuration') say(0x00, 9, change.value, 0);
      else if (change.action === 'set-interface') say(0x01, 11, change.alternate, change.interfaceNumber);
      else if (change.action === 'clear-halt') say(0x02, 1, 0, change.endpoint);
      else if (change.action === 'reset') this.#sim.reset();
    });
  }

  control(request: UsbControlRequest, signal: AbortSignal): Promise<Uint8Array> {
    const length = (request.requestType & 0x80) === 0 ? (request.data?.length ?? 0) : request.length;
    const { requestType, value, index } = request;
    return this.#transfers.run(request.timeoutMs, signal, () => {
      const answer = this.#sim.control({ requestType, request: request.request, value, index, length }, request.data ?? new Uint8Array());
      return answer.slice(0, (requestType & 0x80) === 0 ? 0 : length);
    });
  }

  bulk(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#endpoint(request, signal);
  }

  interrupt(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#endpoint(request, signal);
  }

  onGone(listener: () => void): void {
    if (this.#gone) queueMicrotask(listener);
    else this.#goneListeners.push(listener);
  }

  async close(): Promise<void> {
    const ended = this.#transfers.end(new CodedError('usb.closed', 'handle is closed'));
    if (!this.#closed) {
      this.#closed = true;
      this.#sim.reset();
      this.#released();
    }
    await ended;
  }

  /** The backend's word that the cable was pulled. */
  unplugged(): void {
    this.#gone = true;
    void this.#transfers.end(new CodedError('usb.device-gone', 'the device was unplugged'));
    for (const listener of this.#goneListeners) listener();
  }

  #endpoint(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#transfers.run(request.timeoutMs, signal, async (stop) => {
      if (request.direction === 'in') return this.#sim.read(request.endpoint, request.length, stop);
      await this.#sim.write(request.endpoint, request.data ?? new Uint8Array(), stop);
      return new Uint8Array();
    });
  }
}

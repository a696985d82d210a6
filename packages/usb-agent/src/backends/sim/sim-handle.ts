import { CodedError, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import type { UsbDeviceDescription, UsbDeviceHandle } from '@usher/usb';
import type { SimDevice } from './sim-device.ts';

/** One opened simulated device. */
export class SimHandle implements UsbDeviceHandle {
  readonly device: UsbDeviceDescription;
  readonly #sim: SimDevice;
  readonly #released: () => void;
  /** Aborted, with the reason, when the handle closes or the device leaves. */
  readonly #over = new AbortController();
  readonly #goneListeners: (() => void)[] = [];
  #gone = false;

  constructor(sim: SimDevice, description: UsbDeviceDescription, released: () => void) {
    this.#sim = sim;
    this.device = description;
    this.#released = released;
  }

  get configuration(): Uint8Array {
    return this.#sim.configuration;
  }

  control(request: UsbControlRequest, signal: AbortSignal): Promise<Uint8Array> {
    const length = (request.requestType & 0x80) === 0 ? (request.data?.length ?? 0) : request.length;
    const { requestType, value, index } = request;
    return this.#transfer(request.timeoutMs, signal, () => {
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

  close(): Promise<void> {
    if (!this.#over.signal.aborted) {
      this.#over.abort(new CodedError('usb.closed', 'handle is closed'));
      this.#sim.reset();
      this.#released();
    }
    return Promise.resolve();
  }

  /** The backend's word that the cable was pulled. */
  unplugged(): void {
    this.#gone = true;
    this.#over.abort(new CodedError('usb.device-gone', 'the device was unplugged'));
    for (const listener of this.#goneListeners) listener();
  }

  #endpoint(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#transfer(request.timeoutMs, signal, async (stop) => {
      if (request.direction === 'in') return this.#sim.read(request.endpoint, request.length, stop);
      await this.#sim.write(request.endpoint, request.data ?? new Uint8Array(), stop);
      return new Uint8Array();
    });
  }

  /** One transfer, until it is done or something ends it; what ended it is what the caller learns. */
  async #transfer(
    timeoutMs: number,
    signal: AbortSignal,
    work: (stop: AbortSignal) => Uint8Array | Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    this.#over.signal.throwIfAborted();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new CodedError('usb.timeout', `no answer within ${timeoutMs} ms`)), timeoutMs);
    const stop = AbortSignal.any([this.#over.signal, signal, late.signal]);
    try {
      return await work(stop);
    } catch (error) {
      this.#over.signal.throwIfAborted();
      late.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

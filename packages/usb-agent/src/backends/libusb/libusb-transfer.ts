import { CodedError } from '@usher/protocol';
import type { Device, Transfer } from 'usb';

/** The part of the package that transfers need; its types hide the constructor behind `usb`. */
export type TransferConstructor = new (
  device: Device,
  endpoint: number,
  type: number,
  timeout: number,
  callback: (error: Error | undefined, buffer: Buffer, actual: number) => void,
) => Transfer;

/**
 * The transfers of one opened device. Each is submitted without a timeout of libusb's own, which in the prebuilt package may fire a
 * minute late (lab §4, quirk 1): a timer here cancels it instead. All must have come back before the device can be closed (quirk 3).
 */
export class LibusbTransfers {
  readonly #device: Device;
  readonly #Transfer: TransferConstructor;
  readonly #pending = new Set<Promise<unknown>>();
  /** Aborted, with the reason, once the device is closing or gone. */
  readonly #over = new AbortController();

  constructor(device: Device, Transfer: TransferConstructor) {
    this.#device = device;
    this.#Transfer = Transfer;
  }

  /** Submits `buffer` and settles with the number of bytes that moved; libusb's failures pass through as they are. */
  run(endpoint: number, type: number, buffer: Buffer, timeoutMs: number, signal: AbortSignal): Promise<number> {
    const transfer = this.#submit(endpoint, type, buffer, timeoutMs, signal);
    this.#pending.add(transfer);
    const done = () => this.#pending.delete(transfer);
    transfer.then(done, done);
    return transfer;
  }

  /** Cancels what is pending, and settles when libusb has given everything back. */
  async end(reason: CodedError): Promise<void> {
    this.#over.abort(reason);
    await Promise.allSettled(this.#pending);
  }

  async #submit(endpoint: number, type: number, buffer: Buffer, timeoutMs: number, signal: AbortSignal): Promise<number> {
    this.#over.signal.throwIfAborted();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new CodedError('usb.timeout', `no answer within ${timeoutMs} ms`)), timeoutMs);
    const stop = AbortSignal.any([this.#over.signal, signal, late.signal]);
    try {
      return await this.#untilStopped(endpoint, type, buffer, stop);
    } catch (error) {
      this.#over.signal.throwIfAborted();
      late.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #untilStopped(endpoint: number, type: number, buffer: Buffer, stop: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const transfer = new this.#Transfer(this.#device, endpoint, type, 0, (error, _buffer, actual) => {
        stop.removeEventListener('abort', cancel);
        if (error === undefined) resolve(actual);
        else reject(error);
      });
      const cancel = () => transfer.cancel();
      transfer.submit(buffer); // throws where libusb refuses at once
      if (stop.aborted) cancel();
      else stop.addEventListener('abort', cancel, { once: true });
    });
  }
}

import { CodedError } from '@usher/protocol';
import type { UsbBackend } from '@usher/usb';

/** Stands in for a backend that can't start: it answers every question with the reason. */
export class UnavailableBackend implements UsbBackend {
  readonly name: string;
  readonly #reason: string;

  constructor(name: string, reason: string) {
    this.name = name;
    this.#reason = reason;
  }

  list(): Promise<never> {
    return Promise.reject(new CodedError('usb.backend-unavailable', this.#reason));
  }

  open(): Promise<never> {
    return Promise.reject(new CodedError('usb.backend-unavailable', this.#reason));
  }

  onHotplug(): () => void {
    return () => undefined; // no event will ever come
  }

  close(): Promise<void> {
    return Promise.resolve(); // nothing was opened
  }
}

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

  async list(): Promise<never> {
    throw new CodedError('usb.backend-unavailable', this.#reason);
  }

  async open(): Promise<never> {
    throw new CodedError('usb.backend-unavailable', this.#reason);
  }

  onHotplug(): () => void {
    return () => undefined; // no event will ever come
  }

  async close(): Promise<void> {
    // nothing was opened
  }
}

import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { IoctlCaller } from './caller.ts';

export interface CompletedUrb {
  /** Whose memory the addresses are in; nobody else may reap it. */
  readonly caller: IoctlCaller;
  /** Address of the URB in the caller. */
  readonly address: bigint;
  readonly status: number;
  readonly actual: number;
  /** Where in the caller IN data belongs, and the data. */
  readonly target: bigint;
  readonly data: Uint8Array;
}

/**
 * URBs that are finished and wait to be reaped. libusb learns of them by POLLOUT on the device node, which here is a FIFO:
 * kept full it isn't writable, drained it is.
 */
export class UrbQueue {
  readonly #fifo: number;
  readonly #completed: CompletedUrb[] = [];

  constructor(path: string) {
    this.#fifo = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#fill();
  }

  complete(urb: CompletedUrb): void {
    this.#completed.push(urb);
    if (this.#completed.length === 1) this.#drain();
  }

  reap(caller: IoctlCaller): CompletedUrb | undefined {
    const at = this.#completed.findIndex((urb) => urb.caller === caller);
    const [urb] = at < 0 ? [] : this.#completed.splice(at, 1);
    if (urb !== undefined && this.#completed.length === 0) this.#fill();
    return urb;
  }

  /** The caller's descriptor is closed: nobody will reap what is left for it. */
  forget(caller: IoctlCaller): void {
    const had = this.#completed.length;
    this.#completed.splice(0, had, ...this.#completed.filter((urb) => urb.caller !== caller));
    if (had > 0 && this.#completed.length === 0) this.#fill();
  }

  close(): void {
    closeSync(this.#fifo);
  }

  #fill(): void {
    const block = Buffer.alloc(4096);
    try {
      for (;;) writeSync(this.#fifo, block);
    } catch {
      // EAGAIN: it is full
    }
  }

  #drain(): void {
    readSync(this.#fifo, Buffer.alloc(64 * 1024));
  }
}

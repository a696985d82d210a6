import { CodedError } from '@usher/protocol';

interface Waiter {
  readonly length: number;
  readonly deliver: (bytes: Uint8Array) => void;
}

/**
 * What a device has to say on an IN endpoint, until the host reads it. `whole` keeps each piece to itself, as packets and phases
 * are; `merged` runs them together, as a serial line does. A device that has no room waits, as a real one answers NAK.
 */
export class InQueue {
  readonly #mode: 'whole' | 'merged';
  readonly #capacity: number;
  readonly #pieces: Uint8Array[] = [];
  readonly #readers: Waiter[] = [];
  readonly #roomWanted: (() => void)[] = [];
  #bytes = 0;

  constructor(mode: 'whole' | 'merged', capacity: number) {
    this.#mode = mode;
    this.#capacity = capacity;
  }

  /** Says something now, or not at all where nobody has read for too long: false then. */
  offer(piece: Uint8Array): boolean {
    if (this.#bytes > 0 && this.#bytes + piece.length > this.#capacity) return false;
    this.#put(piece);
    return true;
  }

  /** Says something once there is room. */
  async push(piece: Uint8Array, signal: AbortSignal): Promise<void> {
    while (!this.offer(piece)) {
      await waitFor<void, () => void>(this.#roomWanted, (resolve) => resolve, signal);
    }
  }

  /** The next bytes, at most `length`; waits until there are some. */
  async take(length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.#readers.length === 0 && this.#pieces.length > 0) return this.#next(length);
    return waitFor<Uint8Array, Waiter>(this.#readers, (deliver) => ({ length, deliver }), signal);
  }

  /** Forgets everything that wasn't read. */
  clear(): void {
    this.#pieces.length = 0;
    this.#bytes = 0;
    this.#announceRoom();
  }

  #put(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    while (this.#pieces.length > 0) {
      const reader = this.#readers.shift();
      if (reader === undefined) return;
      reader.deliver(this.#next(reader.length));
    }
  }

  #next(length: number): Uint8Array {
    const out = new Uint8Array(Math.min(length, this.#mode === 'whole' ? (this.#pieces[0]?.length ?? 0) : this.#bytes));
    let filled = 0;
    do {
      const piece = this.#pieces.shift() ?? new Uint8Array();
      const part = piece.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length < piece.length) this.#pieces.unshift(piece.subarray(part.length));
    } while (filled < out.length);
    this.#bytes -= out.length;
    this.#announceRoom();
    return out;
  }

  #announceRoom(): void {
    for (const resume of this.#roomWanted.splice(0)) resume();
  }
}

/** Waits in `line` until served or aborted; an aborted waiter leaves the line. */
function waitFor<Value, Entry>(line: Entry[], enter: (resolve: (value: Value) => void) => Entry, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      const at = line.indexOf(entry);
      if (at >= 0) line.splice(at, 1);
      reject(new CodedError('usb.cancelled', 'the transfer was cancelled'));
    };
    const entry = enter((value) => {
      signal.removeEventListener('abort', leave);
      resolve(value);
    });
    if (signal.aborted) {
      leave();
      return;
    }
    line.push(entry);
    signal.addEventListener('abort', leave, { once: true });
  });
}

import type { Clock } from '../clock.ts';

/** Connections that haven't shown a paired device yet: each may hold a peer connection open, which costs about a megabyte. */
export const UNPROVED_MAX = 16;
/** Of one address. A household behind one address has that many new devices at a time. */
export const UNPROVED_PER_ADDRESS_MAX = 4;
/** Those that wait for a place. One costs a socket: everybody behind one address comes back at once when the host has been started anew. */
export const WAITING_MAX = 64;
export const WAITING_PER_ADDRESS_MAX = 16;
/** Those before have connected by then, also over a slow line; half the time for which a viewer waits for its hello. */
export const WAITS_MS = 5_000;

/** A place among the connections that haven't proved themselves. */
export interface AdmissionTicket {
  /** The device has proved itself, or the connection is over. Idempotent. */
  release(): void;
}

interface Waiting {
  readonly address: string;
  /** Ends the wait, with a place or without. */
  readonly settle: (ticket: AdmissionTicket | undefined) => void;
}

/** Counts the connections of strangers, so that they can't crowd out anyone who is paired. */
export class Admission {
  readonly #clock: Clock;
  readonly #perAddress = new Map<string, number>();
  /** In their order. */
  #waiting: Waiting[] = [];
  #total = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Answers once: with a place, now or as soon as there is one, or with undefined where too many wait or it takes too long. What it returns
   * gives the wait up, and then there is no answer; it does nothing afterwards.
   */
  enter(address: string, answer: (ticket: AdmissionTicket | undefined) => void): () => void {
    if (this.#hasRoom(address) && this.#waitingOf(address) === 0) {
      answer(this.#ticket(address));
      return () => undefined;
    }
    if (this.#waiting.length >= WAITING_MAX || this.#waitingOf(address) >= WAITING_PER_ADDRESS_MAX) {
      answer(undefined);
      return () => undefined;
    }
    const giveUp = () => {
      cancel();
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
    };
    const settle = (ticket: AdmissionTicket | undefined) => {
      giveUp();
      answer(ticket);
    };
    const waiting: Waiting = { address, settle };
    const cancel = this.#clock.after(WAITS_MS, () => settle(undefined));
    this.#waiting.push(waiting);
    return giveUp;
  }

  /** Nobody who waits gets in any more. */
  close(): void {
    for (const { settle } of [...this.#waiting]) settle(undefined);
  }

  #hasRoom(address: string): boolean {
    return this.#total < UNPROVED_MAX && (this.#perAddress.get(address) ?? 0) < UNPROVED_PER_ADDRESS_MAX;
  }

  #waitingOf(address: string): number {
    return this.#waiting.filter((waiting) => waiting.address === address).length;
  }

  #ticket(address: string): AdmissionTicket {
    this.#total += 1;
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        this.#leave(address);
      },
    };
  }

  #leave(address: string): void {
    this.#total -= 1;
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    const next = this.#waiting.find((waiting) => this.#hasRoom(waiting.address));
    next?.settle(this.#ticket(next.address));
  }
}

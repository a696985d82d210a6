import type { Clock } from './clock.ts';

/** A viewer that collects this many strikes faster than they drain is locked out (usb-wire §9). */
const LIMIT = 20;
const DRAIN_PER_SECOND = 5;
const LOCK_MS = 5000;

/** The leaky bucket of one viewer (U1.11). It belongs to the viewer, not to its channel: reconnecting empties nothing. */
export class AbuseMeter {
  readonly #clock: Clock;
  #level = 0;
  #at: number;
  #lockedUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  get locked(): boolean {
    return this.#clock.now() < this.#lockedUntil;
  }

  /** Counts one refused frame. True where this strike begins a lock-out. */
  strike(): boolean {
    if (this.locked) return false;
    const now = this.#clock.now();
    this.#level = Math.max(0, this.#level - ((now - this.#at) / 1000) * DRAIN_PER_SECOND) + 1;
    this.#at = now;
    if (this.#level < LIMIT) return false;
    this.#level = 0;
    this.#lockedUntil = now + LOCK_MS;
    return true;
  }
}

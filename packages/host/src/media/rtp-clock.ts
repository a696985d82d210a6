/** Turns monotonic microseconds into the timestamps of an RTP stream (32 bits, wrapping). */
export class RtpClock {
  readonly #ticksPerUs: number;
  readonly #offset: number;
  #lastUs = Number.NEGATIVE_INFINITY;

  /** @param offset where the timestamps start; random (RFC 3550 §5.1). */
  constructor(hertz: number, offset: number) {
    this.#ticksPerUs = hertz / 1e6;
    this.#offset = offset;
  }

  at(us: number): number {
    return (Math.floor(us * this.#ticksPerUs) + this.#offset) % 2 ** 32;
  }

  /** The timestamp of the next unit: never that of the one before, because a viewer would take two such units for one. */
  timestampOf(us: number): number {
    // A microsecond is less than a tick; a twentieth of a millisecond is several, and far below any frame time.
    this.#lastUs = Math.max(us, this.#lastUs + 50);
    return this.at(this.#lastUs);
  }
}

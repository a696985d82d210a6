const TICK_MS = 10;
/** What a tick may be late on a busy machine; what is more is a machine that stood still. */
const LATE_MS = 40;

/**
 * Measures how long somebody else takes, for a bound that is promised. A machine that stands still for a while, as a virtual one does now and
 * then, holds this process up like the measured one: that time is nobody's, and isn't counted.
 */
export class Stopwatch implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #began = performance.now();
  #counted = 0;
  #at = this.#began;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Since it was made, in milliseconds. */
  get elapsedMs(): number {
    this.#tick();
    return this.#counted;
  }

  /** What wasn't counted of it, in milliseconds. */
  get stoodStillMs(): number {
    this.#tick();
    return this.#at - this.#began - this.#counted;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#counted += Math.min(now - this.#at, TICK_MS + LATE_MS);
    this.#at = now;
  }
}

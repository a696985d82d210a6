import type { Clock } from '../clock.ts';

/** One span of time within which something must have happened. */
export class Deadline {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #onMissed: () => void;
  #cancel = (): void => {};

  constructor(clock: Clock, milliseconds: number, onMissed: () => void) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#onMissed = onMissed;
  }

  /** The whole span again, from now. */
  restart(): void {
    this.stop();
    this.#cancel = this.#clock.after(this.#milliseconds, this.#onMissed);
  }

  stop(): void {
    this.#cancel();
  }
}

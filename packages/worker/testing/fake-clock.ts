import type { Clock } from '../src/clock.ts';

/** Time that passes only when it is told to. */
export class FakeClock implements Clock {
  #nowUs: number;
  #timers: { readonly atUs: number; readonly action: () => void }[] = [];

  constructor(nowUs = 1_000_000) {
    this.#nowUs = nowUs;
  }

  nowUs(): number {
    return this.#nowUs;
  }

  after(delayUs: number, action: () => void): () => void {
    const timer = { atUs: this.#nowUs + delayUs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Whether anything would ever happen again by itself. */
  get idle(): boolean {
    return this.#timers.length === 0;
  }

  /** Lets time pass, and what is due happen in order; promises get their turn after each. */
  async pass(us: number): Promise<void> {
    const endUs = this.#nowUs + us;
    await settle();
    for (;;) {
      const due = this.#timers.filter((timer) => timer.atUs <= endUs).sort((one, other) => one.atUs - other.atUs)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#nowUs = Math.max(this.#nowUs, due.atUs);
      due.action();
      await settle();
    }
    this.#nowUs = endUs;
  }
}

/** A turn of the event loop: all promises that can settle have settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

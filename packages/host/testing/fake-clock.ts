import type { Clock } from '../src/clock.ts';

/** A clock that stands still until a test turns it. */
export class FakeClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  unix(): number {
    return 1_700_000_000 + Math.floor(this.#nowMs / 1000);
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait; a finished story leaves none. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass: what is due runs in order, and everything that follows from it runs before the next timer. */
  async advance(milliseconds: number): Promise<void> {
    const untilMs = this.#nowMs + milliseconds;
    await settled();
    for (let due = this.#next(untilMs); due !== undefined; due = this.#next(untilMs)) {
      this.#timers.delete(due);
      this.#nowMs = due.atMs;
      due.callback();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number) {
    const [first, ...others] = [...this.#timers].filter((timer) => timer.atMs <= untilMs);
    return others.reduce((soonest, timer) => (soonest !== undefined && soonest.atMs <= timer.atMs ? soonest : timer), first);
  }
}

/** Every promise that could settle without time or input has settled: a macrotask comes after all microtasks. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

import type { Clock } from '../src/clock.ts';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #tasks = new Set<Task>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const task = { at: this.#now + milliseconds, run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Moves time on, running what falls due in the order of its time. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = next.at;
      this.#tasks.delete(next);
      next.run();
    }
    this.#now = until;
  }

  /** Timers that are still running: none after everything is closed. */
  get waiting(): number {
    return this.#tasks.size;
  }

  #next(until: number): Task | undefined {
    return [...this.#tasks].filter((task) => task.at <= until).sort((one, other) => one.at - other.at)[0];
  }
}

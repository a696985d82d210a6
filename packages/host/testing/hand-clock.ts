import type { MediaClock } from '../src/media/media-clock.ts';

/** Media time that a test turns by hand. */
export class HandClock implements MediaClock {
  #us = 1_000_000;
  #tasks: { readonly atUs: number; readonly task: () => void }[] = [];

  nowUs(): number {
    return this.#us;
  }

  after(milliseconds: number, task: () => void): () => void {
    const entry = { atUs: this.#us + milliseconds * 1000, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  /** Lets time pass, and runs what was due in it, in order. */
  pass(milliseconds: number): void {
    const end = this.#us + milliseconds * 1000;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#us = next.atUs;
      this.#tasks = this.#tasks.filter((other) => other !== next);
      next.task();
    }
    this.#us = end;
  }

  #next(end: number) {
    return this.#tasks.filter(({ atUs }) => atUs <= end).sort((left, right) => left.atUs - right.atUs)[0];
  }
}

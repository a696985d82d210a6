/** Runs tasks one after the other, in the order they came. A task that fails doesn't stop the next. */
export class Serial {
  readonly #limit: number;
  #tail: Promise<unknown> = Promise.resolve();
  #size = 0;

  /** `limit`: tasks that may be unfinished at once. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether another task would be one too many; ask before {@link run}. */
  get full(): boolean {
    return this.#size >= this.#limit;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.full) throw new RangeError(`more than ${this.#limit} unfinished tasks`);
    this.#size += 1;
    const result = this.#tail.then(task);
    this.#tail = result.then(
      () => this.#finished(),
      () => this.#finished(), // the failure belongs to whoever called run()
    );
    return result;
  }

  /** Settles once everything that has been given so far is finished. */
  async drained(): Promise<void> {
    await this.#tail;
  }

  #finished(): void {
    this.#size -= 1;
  }
}

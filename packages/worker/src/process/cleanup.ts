import type { Logger } from 'pino';

/** What has been opened, to be closed in the opposite order; grows while the worker starts, and is run exactly once. */
export class Cleanup {
  readonly #steps: { readonly what: string; readonly close: () => Promise<void> | void }[] = [];
  readonly #log: Logger;
  #running = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(what: string, close: () => Promise<void> | void): void {
    this.#steps.push({ what, close });
    if (this.#running) void this.run(); // opened while everything else was being closed
  }

  /** Every step is taken, whatever becomes of the others. */
  async run(): Promise<void> {
    this.#running = true;
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.close();
      } catch (error) {
        this.#log.warn({ what: step.what, problem: String(error) }, 'something did not close well');
      }
    }
  }
}

import type { GuestProcess } from '../vm/guest-link.ts';

/** A device's process is up in half a second; the machine is emulated, and tests run beside it. */
const PATIENCE_MS = 60_000;

/** A device that a process of the guest plays. */
export class PluggedDevice {
  readonly #process: GuestProcess;

  constructor(process: GuestProcess) {
    this.#process = process;
  }

  async plugIn(): Promise<void> {
    await this.#order('in');
  }

  /** Pulls the cable, whatever is under way; the device can be plugged in again. */
  async pull(): Promise<void> {
    await this.#order('out');
  }

  /** The device dies with its cable in, as by SIGKILL of whoever plays it, and never comes back. */
  die(): Promise<void> {
    return this.#process.kill();
  }

  /** It answers nothing any more, not even that a transfer was cancelled. */
  freeze(): void {
    this.#process.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process.signal('SIGCONT');
  }

  async #order(word: 'in' | 'out'): Promise<void> {
    const done = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      this.#process.once('output', () => {
        clearTimeout(timer);
        resolve(true);
      });
      void this.#process.ended.then(() => resolve(false));
    });
    this.#process.write(new TextEncoder().encode(`${word}\n`));
    if (!(await done)) throw new Error(`the device did not obey "${word}"\n${this.#process.complaints}`);
  }
}

import type { CodedError, UsbWindow } from '@usher/protocol';
import { Window } from './window.ts';

interface Waiter {
  readonly cost: UsbWindow;
  readonly go: () => void;
  readonly refuse: (error: CodedError) => void;
}

/** A window that one waits for, in turn: who needs much isn't overtaken for ever by those who need little. */
export class WaitingWindow {
  readonly #window: Window;
  readonly #waiters: Waiter[] = [];

  constructor(size: UsbWindow) {
    this.#window = new Window(size);
  }

  /** Whether `cost` can ever be taken. */
  holds(cost: UsbWindow): boolean {
    return this.#window.holds(cost);
  }

  /** Settles once `cost` is taken. The caller sees to it that the window {@link holds} it, and bounds how many wait. */
  async take(cost: UsbWindow): Promise<void> {
    if (this.#waiters.length === 0 && this.#window.take(cost)) return;
    await new Promise<void>((go, refuse) => this.#waiters.push({ cost, go, refuse }));
  }

  give(cost: UsbWindow): void {
    this.#window.give(cost);
    for (let next = this.#waiters[0]; next !== undefined && this.#window.take(next.cost); next = this.#waiters[0]) {
      this.#waiters.shift();
      next.go();
    }
  }

  /** Whoever waits is refused. */
  end(reason: CodedError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(reason);
  }
}

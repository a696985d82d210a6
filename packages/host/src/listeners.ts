/** The listeners of one event. They are told in the order in which they came, in a turn of their own. */
export class Listeners<Arguments extends readonly unknown[]> {
  readonly #listeners: ((...details: Arguments) => void)[] = [];

  add(listener: (...details: Arguments) => void): void {
    this.#listeners.push(listener);
  }

  /** Calls now; for callers that are already in a turn of their own, such as a native callback. */
  tell(...details: Arguments): void {
    for (const listener of this.#listeners) listener(...details);
  }

  /** Calls once the current turn is over, so that no listener runs inside the call that caused the event. */
  tellLater(...details: Arguments): void {
    queueMicrotask(() => this.tell(...details));
  }
}

/** The listeners of one event. A listener that throws is a bug of its own and must not cost the others their call. */
export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  #last: { readonly event: Event } | undefined;

  /** Returns the function that unsubscribes. Whoever comes after the last event hears it as soon as it has subscribed. */
  add(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    const last = this.#last;
    if (last !== undefined) {
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) call(listener, last.event);
      });
    }
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event): void {
    for (const listener of [...this.#listeners]) call(listener, event);
  }

  /** The last event there is. */
  finish(event: Event): void {
    this.#last = { event };
    this.emit(event);
  }
}

function call<Event>(listener: (event: Event) => void, event: Event): void {
  try {
    listener(event);
  } catch (error) {
    // Rethrown outside of the caller, so that it reaches the page's (or the process's) own handler of uncaught errors.
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** The listeners of one event. A listener that throws is a bug of its own and must not cost the others their call. */
export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  /** Returns the function that unsubscribes. */
  add(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // Rethrown outside of this loop, so that it reaches the page's (or the process's) own handler of uncaught errors.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

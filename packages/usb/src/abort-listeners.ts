/**
 * Listens to signals that many transfers may share: once to each, because a platform warns of a leak where a signal gathers listeners.
 * What listens no more leaves nothing behind.
 */
export class AbortListeners {
  readonly #bySignal = new Map<AbortSignal, { readonly tasks: Set<() => void>; readonly run: () => void }>();

  /** Runs `task` when `signal` aborts; the function returned calls it off. */
  add(signal: AbortSignal | undefined, task: () => void): () => void {
    if (signal === undefined) return () => undefined;
    const { tasks, run } = this.#bySignal.get(signal) ?? this.#listen(signal);
    tasks.add(task);
    return () => {
      tasks.delete(task);
      if (tasks.size > 0 || this.#bySignal.get(signal)?.tasks !== tasks) return;
      this.#bySignal.delete(signal);
      signal.removeEventListener('abort', run);
    };
  }

  #listen(signal: AbortSignal) {
    const tasks = new Set<() => void>();
    const run = () => {
      for (const task of [...tasks]) task();
    };
    const listening = { tasks, run };
    this.#bySignal.set(signal, listening);
    signal.addEventListener('abort', run);
    return listening;
  }
}

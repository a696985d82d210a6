/**
 * Waits for `work`, but for `milliseconds` at most and only until `signal` aborts. Too late is the error that `late` makes; an abort
 * rejects with the signal's own reason. The loser's outcome is observed, so it never becomes an unhandled rejection.
 */
export function within<T>(work: Promise<T>, milliseconds: number, signal: AbortSignal | undefined, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => settle(() => reject(signal?.reason));
    const timer = setTimeout(() => settle(() => reject(late())), milliseconds);
    const settle = (how: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      how();
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

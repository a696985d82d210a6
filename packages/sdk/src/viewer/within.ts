/**
 * Waits for `work`, but for `milliseconds` at most and only until `signal` aborts. Too late is the error that `late` makes; an abort
 * rejects with the signal's own reason. The loser's outcome is observed, so it never becomes an unhandled rejection.
 */
export async function within<T>(work: Promise<T>, milliseconds: number, signal: AbortSignal | undefined, late: () => Error): Promise<T> {
  let cleanUp = () => {};
  const limit = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds);
    const abort = () => reject(abortReason(signal));
    cleanUp = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([limit, work]);
  } finally {
    cleanUp();
  }
}

/** Lets `milliseconds` go by; an abort rejects with the signal's own reason. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(abortReason(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** What aborted, as an error: a caller may give any value as the reason. */
function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('This operation was aborted', 'AbortError');
}

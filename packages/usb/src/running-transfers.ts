import { CodedError } from '@usher/protocol';

/**
 * The transfers that are under way on one opened device: what every backend's handle needs around its own way of doing one. Each ends by
 * its own result, its time, its caller's signal, or the end of the handle, and says which it was.
 *
 * Signals are made anew for each transfer. A handle may live for millions of them, and what listens to a signal that lives as long
 * (`AbortSignal.any` does, inside) piles up on it.
 */
export class RunningTransfers {
  readonly #running = new Set<{ readonly end: (reason: CodedError) => void; readonly finished: Promise<unknown> }>();
  #over: CodedError | undefined;

  /** `work` must end when its signal aborts. */
  async run<T>(timeoutMs: number, signal: AbortSignal, work: (stop: AbortSignal) => T | Promise<T>): Promise<T> {
    if (this.#over !== undefined) throw this.#over;
    const stop = new AbortController();
    let reason: CodedError | undefined;
    const end = (why: CodedError) => {
      reason ??= why;
      stop.abort(why);
    };
    const cancel = () => end(new CodedError('usb.cancelled', 'the transfer was cancelled'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const timer = setTimeout(() => end(new CodedError('usb.timeout', `no answer within ${timeoutMs} ms`)), timeoutMs);

    const finished = Promise.resolve().then(() => work(stop.signal));
    const entry = { end, finished };
    this.#running.add(entry);
    try {
      return await finished;
    } catch (error) {
      throw whichever(reason, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      this.#running.delete(entry);
    }
  }

  /** Ends everything with `reason`, now and from now on; settles when nothing is under way any more. */
  async end(reason: CodedError): Promise<void> {
    this.#over ??= reason;
    const running = [...this.#running];
    for (const { end } of running) end(this.#over);
    await Promise.allSettled(running.map(({ finished }) => finished));
  }
}

/** What ended a transfer explains better than what it failed with as a consequence. */
function whichever(reason: CodedError | undefined, error: unknown): unknown {
  return reason ?? error;
}

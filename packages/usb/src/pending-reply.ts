import type { CodedError } from '@usher/protocol';
import type { Clock } from './clock.ts';

/** A reply that somebody waits for: it comes, is refused, or time runs out. Whatever happens first counts, once. */
export class PendingReply<T> {
  readonly promise: Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: CodedError) => void;
  readonly #startTimer: () => () => void;
  #stopTimer: () => void;

  /** `onTimeout` runs when nothing has come for `timeoutMs`; it is expected to call {@link reject} or {@link restart}. */
  constructor(clock: Clock, timeoutMs: number, onTimeout: () => void) {
    let resolve: (value: T) => void = () => undefined;
    let reject: (error: CodedError) => void = () => undefined;
    this.promise = new Promise<T>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    });
    // The request may fail while it is still being sent, before anybody awaits the reply; that is no unhandled rejection.
    this.promise.catch(() => undefined);
    this.#resolve = resolve;
    this.#reject = reject;
    this.#startTimer = () => clock.after(timeoutMs, onTimeout);
    this.#stopTimer = this.#startTimer();
  }

  /** Waits as long again. */
  restart(): void {
    this.#stopTimer();
    this.#stopTimer = this.#startTimer();
  }

  resolve(value: T): void {
    this.#stopTimer();
    this.#resolve(value);
  }

  reject(error: CodedError): void {
    this.#stopTimer();
    this.#reject(error);
  }
}

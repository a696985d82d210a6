import type { Mode } from '@usher/protocol';
import type { Clock } from '../clock.ts';

/** A display changes its size in well under a second; a worker that says nothing for this long has refused. */
const ANSWERS_WITHIN_MS = 3_000;

interface ModeRequest<Asker> {
  readonly wish: Mode;
  readonly asker: Asker | undefined;
  readonly settle: (accepted: boolean) => void;
}

/**
 * Wishes for another size, one at a time: the worker answers each `resize` with one `resized` (rule W5). While one is under way the
 * last wish waits; the wish that it replaces is answered with no, because a window that is being dragged sends dozens.
 */
export class ModeRequests<Asker> {
  readonly #clock: Clock;
  readonly #send: (wish: Mode) => void;
  #current: ModeRequest<Asker> | undefined;
  #next: ModeRequest<Asker> | undefined;
  #cancelTimeout = (): void => {};
  #closed = false;

  constructor(clock: Clock, send: (wish: Mode) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Whether the wish was met. Never rejects. */
  request(wish: Mode, asker?: Asker): Promise<boolean> {
    return new Promise((settle) => {
      if (this.#closed) return settle(false);
      const request = { wish, asker, settle };
      if (this.#current === undefined) return this.#begin(request);
      this.#next?.settle(false);
      this.#next = request;
    });
  }

  /** The worker said `resized`. Returns who had asked; undefined where the size changed by itself. */
  answered(accepted: boolean): Asker | undefined {
    const answered = this.#current;
    this.#finish(accepted);
    return answered?.asker;
  }

  /** No answer will come any more. */
  close(): void {
    this.#closed = true;
    this.#next?.settle(false);
    this.#next = undefined;
    this.#finish(false);
  }

  #begin(request: ModeRequest<Asker>): void {
    this.#current = request;
    this.#cancelTimeout = this.#clock.after(ANSWERS_WITHIN_MS, () => this.#finish(false));
    this.#send(request.wish);
  }

  #finish(accepted: boolean): void {
    this.#cancelTimeout();
    const finished = this.#current;
    this.#current = undefined;
    finished?.settle(accepted);
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.#begin(next);
  }
}

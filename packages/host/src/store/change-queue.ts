import { CodedError } from '@usher/protocol';

/** Changes that may wait for the disk. They come from single people's clicks; more than this means that the disk hangs. */
const WAITING_MAX = 64;

/** Changes of one file, one after the other; each sees what the one before it left. */
export class ChangeQueue {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Rejects with what the change rejects with, or with `store.write-failed` where too many wait. */
  run<T>(change: () => Promise<T>): Promise<T> {
    if (this.#waiting >= WAITING_MAX) {
      return Promise.reject(new CodedError('store.write-failed', `${this.#path}: too many changes wait for the disk`));
    }
    this.#waiting += 1;
    const done = this.#last.then(change).finally(() => (this.#waiting -= 1));
    this.#last = done.catch(() => undefined); // whoever asked for the change hears of its failure; the next one starts afresh
    return done;
  }
}

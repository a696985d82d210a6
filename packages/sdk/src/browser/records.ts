import type { SecretRecords } from './remembered-passcodes.ts';

const DATABASE = 'usher';
const STORE = 'device';

/** The device's records in IndexedDB: the one place of a browser that keeps keys which no script can read. */
export class Records implements SecretRecords {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static open(): Promise<Records> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(new Records(request.result));
      request.onerror = () => reject(failure(request.error));
      // Another tab holds an older version open; it is asked to close, and its user has to.
      request.onblocked = () => reject(new Error('another tab of this page is out of date; close it and reload'));
    });
  }

  /** Undefined where nothing is stored. */
  get(key: string): Promise<unknown> {
    return this.#run('readonly', (store, done) => {
      const request = store.get(key);
      request.onsuccess = () => done(request.result);
    });
  }

  put(key: string, value: unknown): Promise<unknown> {
    return this.update(key, () => value);
  }

  /** Stores `value` unless something is stored already; gives back what is stored afterwards. */
  putIfAbsent(key: string, value: unknown): Promise<unknown> {
    return this.update(key, (before) => before ?? value);
  }

  /** Reads and writes in one transaction, so that tabs can't undo each other's change. */
  update(key: string, change: (before: unknown) => unknown): Promise<unknown> {
    return this.#run('readwrite', (store, done) => {
      const request = store.get(key);
      request.onsuccess = () => {
        const after = change(request.result);
        store.put(after, key);
        done(after);
      };
    });
  }

  /** Settles when the transaction is on disk (or refused), not before. */
  #run(mode: IDBTransactionMode, work: (store: IDBObjectStore, done: (value: unknown) => void) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(STORE, mode);
      let result: unknown;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(failure(transaction.error));
      work(transaction.objectStore(STORE), (value) => {
        result = value;
      });
    });
  }
}

function failure(cause: DOMException | null): Error {
  return new Error('the browser does not keep this device’s key (private window, or storage is full)', { cause });
}

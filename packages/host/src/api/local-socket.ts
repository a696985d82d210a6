import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CodedError } from '@usher/protocol';
import { errorWord } from '../store/state-directory.ts';

/** Programs of one person on one machine: twice as many as may listen to the stream of news. */
const CONNECTIONS_MAX = 64;
/** As over HTTPS: a request that takes longer to arrive is somebody holding a connection. */
const ARRIVES_WITHIN_MS = 10_000;

/** Tells requests that came by the local socket from those of the network. */
export interface LocalSockets {
  has(socket: Socket): boolean;
}

/**
 * The API on a Unix socket in the state directory, for the operator's own programs on this machine (U5.3). Who may connect is the kernel's
 * answer: the socket is 0600 inside a directory that is 0700. The bearer token is asked for all the same, as on every other way in.
 */
export class LocalSocket implements LocalSockets {
  readonly #sockets = new WeakSet<Socket>();
  readonly #server = createServer({
    headersTimeout: ARRIVES_WITHIN_MS,
    requestTimeout: ARRIVES_WITHIN_MS,
    connectionsCheckingInterval: ARRIVES_WITHIN_MS / 2,
  });

  constructor() {
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#server.on('connection', (socket: Socket) => this.#sockets.add(socket));
  }

  has(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }

  /**
   * Takes the path from a host that was killed: the lock on the state directory says that none runs.
   *
   * @throws CodedError `store.write-failed` where there can be no socket: a path of more than 107 bytes, a file system without them.
   */
  async listen(path: string, serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<void> {
    this.#server.on('request', serve);
    try {
      await rm(path, { force: true });
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(path, () => {
          this.#server.off('error', reject);
          resolve();
        });
      });
      await chmod(path, 0o600);
    } catch (cause) {
      throw new CodedError('store.write-failed', `there is no local socket at ${path} (${errorWord(cause)})`, { cause });
    }
  }

  /** Node removes the socket's file. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve())); // an error means that it never listened
    this.#server.closeAllConnections();
    await closed;
  }
}

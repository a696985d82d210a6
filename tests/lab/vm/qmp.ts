import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Reader } from '@usher/protocol';
import { connectSoon } from './connect.ts';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** QEMU's control socket: one JSON object a line, commands answered by number. */
export class Qmp {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #lastCommand = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket })
      .on('line', (line) => this.#take(line))
      .on('error', () => undefined); // the socket's, which 'close' tells
    socket.on('error', () => undefined);
    socket.once('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('QEMU has ended'));
      this.#waiting.clear();
    });
  }

  static async connect(path: string): Promise<Qmp> {
    const qmp = new Qmp(await connectSoon(path));
    await qmp.command('qmp_capabilities');
    return qmp;
  }

  /** Rejects with QEMU's own words where it refuses. */
  command(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.#lastCommand += 1;
    const id = this.#lastCommand;
    const { promise, reject, resolve } = deferred();
    this.#waiting.set(id, { resolve, reject });
    this.#socket.write(`${JSON.stringify({ execute: name, arguments: args, id })}\n`);
    return promise;
  }

  async close(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }

  #take(line: string): void {
    const message = Reader.of(JSON.parse(line), 'QEMU'); // device trees nest deeper than Reader.json allows
    if (!message.has('id')) return; // an event, or the greeting
    const waiting = this.#waiting.get(message.integer('id', 0, Number.MAX_SAFE_INTEGER));
    if (message.has('error')) waiting?.reject(new Error(message.object('error').string('desc')));
    else waiting?.resolve(message.raw('return'));
    this.#waiting.delete(message.integer('id', 0, Number.MAX_SAFE_INTEGER));
  }
}

function deferred() {
  let resolve: (result: unknown) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<unknown>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

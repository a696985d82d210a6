import { envelope, Reader } from '@usher/protocol';
import type { RemoteSocket } from './remote-sockets.ts';

/** A session in which programs/session-program.ts stands in for the worker. */
export class Session {
  readonly socket: RemoteSocket;

  private constructor(socket: RemoteSocket) {
    this.socket = socket;
  }

  /** Waits until the program has spoken; a refusal is a failure. */
  static async begin(socket: RemoteSocket): Promise<Session> {
    const session = new Session(socket);
    const first = await socket.bytes(4);
    if (first === undefined || first[0] !== 0)
      throw new Error(`no worker: ${first?.toString('latin1') ?? ''}${(await socket.line()) ?? ''}`);
    await socket.bytes(first.readUInt32BE(0));
    return session;
  }

  async look(): Promise<Reader> {
    return this.#ask({ do: 'look' });
  }

  /** What a program said in the session, its status in front. */
  async run(...command: readonly string[]): Promise<string> {
    const answer = await this.#ask({ do: 'run', command });
    return `${answer.integer('status', -1, 255)} ${answer.string('text', 1_000_000).trim()}`;
  }

  /** From now on it ignores every signal and the end of its connection, and has children that do the same. */
  async beStubborn(): Promise<void> {
    await this.#ask({ do: 'be-stubborn' });
  }

  async #ask(order: object): Promise<Reader> {
    this.socket.write(envelope(Buffer.from(JSON.stringify(order))));
    const message = await this.socket.message();
    if (message === undefined) throw new Error('the session has ended');
    return Reader.json(message, 'session');
  }
}

import { envelope, Reader } from '@usher/protocol';
import type { RemoteSocket } from './remote-sockets.ts';

/** A session in which programs/session-program.ts stands in for the worker. */
export class Session {
  readonly socket: RemoteSocket;

  private constructor(socket: RemoteSocket) {
    this.socket = socket;
  }

  /** What became of an OPEN, once the program has spoken: a session, or the refusal. */
  static async of(socket: RemoteSocket): Promise<Session | string> {
    const first = await socket.bytes(4);
    if (first === undefined) return 'closed';
    if (first[0] !== 0) return `${first.toString('latin1')}${(await socket.line()) ?? ''}`.trimEnd();
    await socket.bytes(first.readUInt32BE(0));
    return new Session(socket);
  }

  /** As `of`; a refusal is a failure. */
  static async begin(socket: RemoteSocket): Promise<Session> {
    const outcome = await Session.of(socket);
    if (typeof outcome === 'string') throw new Error(`no worker: ${outcome}`);
    return outcome;
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

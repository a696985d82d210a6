import { CodedError, decodeSessionEnded, errorCodeOfWire, MessageType, messageKind } from '@usher/protocol';
import type { PeerChannel } from './peer.ts';
import { within } from './within.ts';

/** Messages that may wait for their reader. The host says a handful before Welcome, and the session reads from then on. */
const WAITING_MAX = 64;

/** `control`, first as a conversation of messages that are awaited, then handed over to the session. */
export class ControlChannel {
  readonly #channel: PeerChannel;
  readonly #waiting: Uint8Array[] = [];
  #reader: { message(bytes: Uint8Array): void; closed(error: CodedError): void } | undefined;
  #ended: CodedError | undefined;

  constructor(channel: PeerChannel) {
    this.#channel = channel;
    channel.onMessage((bytes) => this.#arrived(bytes));
    channel.onClose(() => this.end(new CodedError('session.transport', 'the connection to the host was lost')));
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#ended !== undefined) throw this.#ended;
    this.#channel.send(bytes);
  }

  /** The next message; a typed goodbye, a lost connection and `milliseconds` without one reject. One caller at a time. */
  next(milliseconds: number, signal: AbortSignal): Promise<Uint8Array> {
    const message = new Promise<Uint8Array>((resolve, reject) => {
      const waiting = this.#waiting.shift();
      if (waiting !== undefined) return resolve(waiting);
      if (this.#ended !== undefined) return reject(this.#ended);
      // Cleared with the first message: a second one that follows at once must wait for the next call, not vanish.
      const settle = (how: () => void) => {
        this.#reader = undefined;
        how();
      };
      this.#reader = { message: (bytes) => settle(() => resolve(bytes)), closed: (error) => settle(() => reject(error)) };
    });
    const late = () => new CodedError('session.handshake-timeout', 'the host did not answer in time');
    return within(message, milliseconds, signal, late).finally(() => {
      this.#reader = undefined;
    });
  }

  /** From now on every message goes to `message`, and the end, once, to `closed`. */
  handOver(reader: { message(bytes: Uint8Array): void; closed(error: CodedError): void }): void {
    this.#reader = reader;
    for (const bytes of this.#waiting.splice(0)) reader.message(bytes);
    if (this.#ended !== undefined) reader.closed(this.#ended);
  }

  /** Ends the conversation for a reason that this side knows better; the first reason stays. */
  end(error: CodedError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#reader?.closed(error);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.#ended !== undefined) return;
    if (messageKind(bytes) === MessageType.SessionEnded) this.end(goodbye(bytes));
    else if (this.#reader !== undefined) this.#reader.message(bytes);
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(bytes);
    else this.end(new CodedError('message.unexpected', 'the host says more than the handshake has room for'));
  }
}

function goodbye(bytes: Uint8Array): CodedError {
  try {
    const { wire, message } = decodeSessionEnded(bytes);
    return new CodedError(errorCodeOfWire(wire), message);
  } catch (cause) {
    return new CodedError('session.transport', 'the host ended the session without a readable reason', { cause });
  }
}

import type { Writable } from 'node:stream';
import { CodedError, encodeWorkerMessage, envelopeHeader, type WorkerMessage } from '@usher/protocol';

/**
 * Unsent bytes at which pictures and sound are thrown away. Half a second of the highest usual bitrate: a host that is further behind
 * has stopped reading, and whatever it would still get is too old to look at.
 */
export const MEDIA_BOUND = 1024 * 1024;
/** Unsent bytes at which the worker gives up. Past MEDIA_BOUND only small answers are written, so a host that lets these pile up is gone. */
export const HARD_BOUND = 8 * 1024 * 1024;

const NO_DATA = new Uint8Array(0);

export interface OutboxEvents {
  /** From now on pictures and sound are thrown away. */
  blocked(): void;
  /** Everything has been sent; pictures are welcome again. */
  drained(): void;
}

/** Writes messages to the host, without ever holding more than a bounded number of bytes for it. */
export class Outbox {
  readonly #stream: Writable;
  readonly #events: OutboxEvents;
  #blocked = false;
  /** The pointer's last shape, which waits while the host doesn't read: only the newest is of use. */
  #waitingCursor: WorkerMessage | undefined;

  constructor(stream: Writable, events: OutboxEvents) {
    this.#stream = stream;
    this.#events = events;
  }

  /** Whether the message is on its way (a pointer's shape counts as that, although a newer one may replace it). */
  send(message: WorkerMessage): boolean {
    if (this.#blocked && message.type === 'cursor') {
      this.#waitingCursor = message;
      return true;
    }
    if (message.type === 'video' || message.type === 'audio') return this.#sendMedia(message);
    if (this.#stream.writableLength > HARD_BOUND) throw new CodedError('internal', 'the host does not read what the worker sends');
    this.#write(encodeWorkerMessage(message), NO_DATA);
    return true;
  }

  /** Resolves when everything has reached the operating system. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stream.write(NO_DATA, () => resolve()); // an error means that nobody is left to tell
    });
  }

  #sendMedia(message: Extract<WorkerMessage, { type: 'video' | 'audio' }>): boolean {
    if (this.#blocked) return false;
    if (this.#stream.writableLength + message.data.length > MEDIA_BOUND && this.#stream.writableLength > 0) {
      this.#block();
      return false;
    }
    // The data is the message's last field: written by itself, it is never copied.
    this.#write(encodeWorkerMessage({ ...message, data: NO_DATA }), message.data);
    return true;
  }

  #write(head: Uint8Array, tail: Uint8Array): void {
    this.#stream.cork();
    this.#stream.write(envelopeHeader(head.length + tail.length));
    this.#stream.write(head);
    if (tail.length > 0) this.#stream.write(tail);
    this.#stream.uncork();
  }

  #block(): void {
    this.#blocked = true;
    this.#events.blocked();
    // An empty write calls back once everything before it has gone.
    this.#stream.write(NO_DATA, (error) => {
      if (error) return; // the stream is broken, and its own error ends the worker
      this.#blocked = false;
      const cursor = this.#waitingCursor;
      this.#waitingCursor = undefined;
      if (cursor !== undefined) this.send(cursor);
      this.#events.drained();
    });
  }
}

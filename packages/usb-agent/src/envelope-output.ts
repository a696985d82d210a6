import type { Writable } from 'node:stream';
import { envelopeHeader } from '@usher/protocol';

/** Messages to another process, each in its envelope, with the stream's backpressure as a promise. */
export class EnvelopeOutput {
  readonly #output: Writable;
  #ended = false;
  /** Settles when the output has room again; shared, because many senders may wait. */
  #room: Promise<void> | undefined;

  constructor(output: Writable) {
    this.#output = output;
    output.on('error', () => {
      this.#ended = true; // the reader is gone; the end of the input says so, too, and ends this process
    });
  }

  /** Settles when the reader has room for more. The message must stay as it is until then. */
  async send(message: Uint8Array): Promise<void> {
    if (this.#ended) return;
    if (writeEnvelope(this.#output, message)) return;
    this.#room ??= this.#untilRoom();
    await this.#room;
  }

  #untilRoom(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#output.off('drain', done);
        this.#output.off('close', done);
        this.#room = undefined;
        resolve();
      };
      this.#output.on('drain', done);
      this.#output.on('close', done);
    });
  }
}

/**
 * Writes a message in its envelope; false where the stream has no room for more. What is written in one turn of the event loop leaves in one
 * write: waking the reader costs more than the bytes do.
 */
export function writeEnvelope(output: Writable, message: Uint8Array): boolean {
  if (output.writableCorked === 0) {
    output.cork();
    setImmediate(() => output.uncork());
  }
  output.write(envelopeHeader(message.length));
  return output.write(message);
}

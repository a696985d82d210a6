import type { Writable } from 'node:stream';

/** A stream of bytes to another process, with its backpressure as a promise. */
export class ByteOutput {
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

  /** Settles when the reader has room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#ended || this.#output.write(bytes)) return;
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

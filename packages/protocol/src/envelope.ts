import { CodedError } from './errors.ts';

const HEADER = 4;

/** `u32 big-endian length ‖ message`: how whole messages travel over a byte stream (rules F1–F3). */
export function envelope(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(HEADER + message.length);
  new DataView(framed.buffer).setUint32(0, message.length);
  framed.set(message, HEADER);
  return framed;
}

/** The header alone, for writers that hand header and message to a vectored write. */
export function envelopeHeader(length: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER);
  new DataView(header.buffer).setUint32(0, length);
  return header;
}

/**
 * Cuts a byte stream into messages, whatever pieces it arrives in. Holds at most one message of `maxLength` bytes;
 * a longer announcement is `frame.oversized` before anything is allocated, and the stream is unusable from then on.
 */
export class EnvelopeDecoder {
  readonly #maxLength: number;
  readonly #header = new Uint8Array(HEADER);
  #headerFilled = 0;
  #body: Uint8Array | undefined;
  #bodyFilled = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Yields each message that `chunk` completes. The messages are copies: the caller may keep them. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body === undefined) {
        const take = Math.min(HEADER - this.#headerFilled, chunk.length - at);
        this.#header.set(chunk.subarray(at, at + take), this.#headerFilled);
        this.#headerFilled += take;
        at += take;
        if (this.#headerFilled < HEADER) return;
        const length = new DataView(this.#header.buffer).getUint32(0);
        if (length > this.#maxLength) {
          throw new CodedError('frame.oversized', `a message of ${length} bytes was announced; at most ${this.#maxLength} are read`);
        }
        this.#body = new Uint8Array(length);
        this.#bodyFilled = 0;
      }
      const take = Math.min(this.#body.length - this.#bodyFilled, chunk.length - at);
      this.#body.set(chunk.subarray(at, at + take), this.#bodyFilled);
      this.#bodyFilled += take;
      at += take;
      if (this.#bodyFilled < this.#body.length) return;
      const message = this.#body;
      this.#body = undefined;
      this.#headerFilled = 0;
      yield message;
    }
  }

  /** Whether the stream may end here; ending inside a message is `frame.truncated`. */
  end(): void {
    if (this.#headerFilled > 0) throw new CodedError('frame.truncated', 'the stream ended inside a message');
  }
}

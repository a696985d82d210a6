import type { Readable, Writable } from 'node:stream';
import {
  decodeToAgent,
  EnvelopeDecoder,
  encodeFromAgent,
  envelope,
  type FromAgent,
  MAX_AGENT_MESSAGE,
  type ToAgent,
} from '@usher/protocol';

/** The byte stream between host and agent, as messages. */
export class HostStream {
  readonly #output: Writable;
  #ended = false;
  /** Settles when the output has room again; shared, because many senders may wait. */
  #room: Promise<void> | undefined;

  constructor(output: Writable) {
    this.#output = output;
    output.on('error', () => {
      this.#ended = true; // the host is gone; the end of the input says so, too, and ends the agent
    });
  }

  /** Settles when the host has room for more. */
  async send(message: FromAgent): Promise<void> {
    if (this.#ended || this.#output.write(envelope(encodeFromAgent(message)))) return;
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

/** Hands over each message until the host closes its end. Rejects where the stream makes no sense: there is no way to find its next message. */
export async function readHost(input: Readable, receive: (message: ToAgent) => void): Promise<void> {
  const decoder = new EnvelopeDecoder(MAX_AGENT_MESSAGE);
  // A stream without an encoding yields buffers; its type says `any`.
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    for (const message of decoder.push(chunk)) receive(decodeToAgent(message));
  }
  decoder.end();
}

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
import { ByteOutput } from './byte-output.ts';

/** The byte stream between host and agent, as messages. */
export class HostStream {
  readonly #output: ByteOutput;

  constructor(output: Writable) {
    this.#output = new ByteOutput(output);
  }

  /** Settles when the host has room for more. */
  async send(message: FromAgent): Promise<void> {
    await this.#output.write(envelope(encodeFromAgent(message)));
  }
}

/** Hands over each message until the host closes its end. Rejects where the stream makes no sense: there is no way to find its next message. */
export function readHost(input: Readable, receive: (message: ToAgent) => void): Promise<void> {
  return readEnvelopes(input, MAX_AGENT_MESSAGE, (message) => receive(decodeToAgent(message)));
}

/** Hands over what is in each envelope, until the end of the input. */
export async function readEnvelopes(input: Readable, maxLength: number, receive: (message: Uint8Array) => void): Promise<void> {
  const decoder = new EnvelopeDecoder(maxLength);
  // A stream without an encoding yields buffers; its type says `any`.
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    for (const message of decoder.push(chunk)) receive(message);
  }
  decoder.end();
}

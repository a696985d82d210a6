import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { decodeToAgent, EnvelopeDecoder, encodeFromAgent, type FromAgent, MAX_AGENT_MESSAGE, type ToAgent } from '@usher/protocol';
import { EnvelopeOutput } from './envelope-output.ts';

/** The byte stream between host and agent, as messages. */
export class HostStream {
  readonly #output: EnvelopeOutput;

  constructor(output: Writable) {
    this.#output = new EnvelopeOutput(output);
  }

  /** Settles when the host has room for more. */
  async send(message: FromAgent): Promise<void> {
    await this.#output.send(encodeFromAgent(message));
  }
}

/** Hands over each message until the host closes its end. Rejects where the stream makes no sense: there is no way to find its next message. */
export function readHost(input: Readable, receive: (message: ToAgent) => void): Promise<void> {
  return readEnvelopes(input, MAX_AGENT_MESSAGE, (message) => receive(decodeToAgent(message)));
}

/** Hands over what is in each envelope, until the end of the input. */
export async function readEnvelopes(input: Readable, maxLength: number, receive: (message: Uint8Array) => void): Promise<void> {
  const decoder = new EnvelopeDecoder(maxLength);
  input.on('data', (chunk: Uint8Array) => {
    try {
      for (const message of decoder.push(chunk)) receive(message);
    } catch (error) {
      input.destroy(error instanceof Error ? error : new Error('unknown', { cause: error }));
    }
  });
  await finished(input, { writable: false });
  decoder.end();
}

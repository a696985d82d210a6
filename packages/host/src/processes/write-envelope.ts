import type { Writable } from 'node:stream';
import { envelopeHeader } from '@usher/protocol';

/**
 * Writes a message in its envelope (F) without copying it. What is written in one turn of the event loop leaves in one write: waking the reader
 * costs more than the bytes do. `written` is called once it has left this process.
 */
export function writeEnvelope(stream: Writable, message: Uint8Array, written?: () => void): void {
  if (stream.writableCorked === 0) {
    stream.cork();
    setImmediate(() => stream.uncork());
  }
  stream.write(envelopeHeader(message.length));
  stream.write(message, (error) => {
    if (!error) written?.();
  });
}

import type { Writable } from 'node:stream';
import { envelopeHeader } from '@usher/protocol';

/** Writes a message in its envelope (F) in one go, without copying it. `written` is called once it has left this process. */
export function writeEnvelope(stream: Writable, message: Uint8Array, written?: () => void): void {
  stream.cork();
  stream.write(envelopeHeader(message.length));
  stream.write(message, (error) => {
    if (!error) written?.();
  });
  stream.uncork();
}

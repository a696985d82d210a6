import type { Socket } from 'node:net';
import { BrokerLines, isCoded } from '@usher/protocol';

/** A host sends its line right after connecting. */
const TIMEOUT_MS = 2000;

/**
 * The first line of a connection, and not a byte more: from the return on nothing is read, and nothing lies in a buffer of ours that the
 * worker should have had. Undefined where that can't be (rules B1, B5).
 */
export function firstLine(connection: Socket): Promise<Uint8Array | undefined> {
  const lines = new BrokerLines();
  return new Promise((resolve) => {
    const finish = (line: Uint8Array | undefined) => {
      clearTimeout(timer);
      connection.off('data', read).off('close', gone).pause();
      resolve(line);
    };
    const gone = () => finish(undefined);
    const read = (chunk: Uint8Array) => {
      try {
        const [line, second] = [...lines.push(chunk)];
        if (line !== undefined) finish(second === undefined && lines.waiting === 0 ? line : undefined);
      } catch (error) {
        if (!isCoded(error)) throw error;
        finish(undefined);
      }
    };
    const timer = setTimeout(gone, TIMEOUT_MS);
    connection.on('data', read).on('close', gone).resume();
  });
}

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { CodedError } from '@usher/protocol';

/** A server answers in a few milliseconds unless it hangs. */
const ANSWER_MS = 5000;
const COOKIE_NAME = 'MIT-MAGIC-COOKIE-1';
const COOKIE_BYTES = 16;
/** First byte of the server's answer to a connection's setup: Failed; the others are Success and Authenticate. */
const FAILED = 0;

/**
 * Makes sure that a display turns away whoever shows another cookie than its own. A server that can't read its cookie file says nothing of it
 * and lets every account of the machine in: seen under a seccomp filter that forbids `seteuid`, by which Xvfb opens the file.
 * Rejects with `worker.no-display`.
 */
export async function expectRefusal(display: string): Promise<void> {
  const verdict = await firstByte(`/tmp/.X11-unix/X${display.slice(1)}`, setupRequest());
  if (verdict === FAILED) return;
  throw new CodedError('worker.no-display', `display ${display} lets everybody in: its server can't read its cookie file`);
}

/** The setup of a connection (X11 protocol, "Connection Setup"): little-endian, version 11.0, a name and a cookie, each padded to four bytes. */
function setupRequest(): Buffer {
  const head = Buffer.alloc(12);
  head.write('l', 'latin1');
  head.writeUInt16LE(11, 2);
  head.writeUInt16LE(COOKIE_NAME.length, 6);
  head.writeUInt16LE(COOKIE_BYTES, 8);
  return Buffer.concat([head, Buffer.from(COOKIE_NAME.padEnd(20, '\0'), 'latin1'), randomBytes(COOKIE_BYTES)]);
}

function firstByte(path: string, request: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(request));
    const finish = (outcome: () => void) => {
      socket.destroy();
      outcome();
    };
    socket.setTimeout(ANSWER_MS, () => finish(() => resolve(undefined)));
    socket.once('data', (bytes) => finish(() => resolve(bytes[0])));
    socket.once('end', () => finish(() => resolve(undefined)));
    socket.once('error', (cause) =>
      finish(() => reject(new CodedError('worker.no-display', 'the socket of the display can’t be asked', { cause }))),
    );
  });
}

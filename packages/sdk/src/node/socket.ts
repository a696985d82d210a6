import { CodedError, MAX_SIGNAL_MESSAGE } from '@usher/protocol';
import { WebSocket } from 'ws';
import type { SignalSocket } from '../viewer/peer.ts';
import { within } from '../viewer/within.ts';

const OPEN_MS = 10_000;

/**
 * The WebSocket of Node. Its TLS certificate isn't checked: the host makes its own, and nothing that is said here is believed because of
 * it. Trust comes from DTLS, whose certificate must be the pinned one and, at pairing, the one that the PIN was proved with; a man in
 * the middle of the signalling can only prevent a connection.
 */
export async function openSocket(url: string, signal: AbortSignal): Promise<SignalSocket> {
  const socket = new WebSocket(url, { rejectUnauthorized: false, maxPayload: MAX_SIGNAL_MESSAGE, perMessageDeflate: false });
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => reject(refused(url, response.statusCode)));
    socket.once('error', (cause) => reject(unreachable(url, cause)));
  });
  // From here on an error is followed by `close`, which is what the signalling listens for.
  socket.on('error', () => undefined);
  try {
    await within(opened, OPEN_MS, signal, () => unreachable(url));
  } catch (error) {
    socket.terminate();
    throw error;
  }
  return {
    send: (text) => socket.send(text),
    onMessage: (listener) => socket.on('message', (data, isBinary) => listener(isBinary ? '' : data.toString())),
    onClose: (listener) => socket.on('close', () => listener()),
    close: () => socket.close(),
  };
}

function refused(url: string, status: number | undefined): CodedError {
  if (status === 429) return new CodedError('api.rate-limited', 'too many connections to the host; wait a moment');
  return new CodedError('host.unreachable', `${new URL(url).host} answers with HTTP ${status}, which is no Usher host`);
}

function unreachable(url: string, cause?: Error): CodedError {
  const reason = cause !== undefined && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return new CodedError('host.unreachable', `no answer from ${new URL(url).host}${reason}`, { cause });
}

import { CodedError, MAX_SIGNAL_MESSAGE } from '@usher/protocol';
import type { SignalSocket } from '../viewer/peer.ts';
import { within } from '../viewer/within.ts';

const OPEN_MS = 10_000;

/** The page's WebSocket. Text is all that signalling consists of: anything else is passed on as what can't be read. */
export async function openSocket(url: string, signal: AbortSignal): Promise<SignalSocket> {
  const socket = new WebSocket(url);
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    // The event says nothing about the cause, by design of the web.
    socket.addEventListener('close', () => reject(unreachable(url)), { once: true });
  });
  try {
    await within(opened, OPEN_MS, signal, () => unreachable(url));
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    send: (text) => socket.send(text),
    onMessage: (listener) => socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(textOf(data))),
    onClose: (listener) => socket.addEventListener('close', () => listener()),
    close: () => socket.close(),
  };
}

function textOf(data: unknown): string {
  return typeof data === 'string' && data.length <= MAX_SIGNAL_MESSAGE ? data : '';
}

function unreachable(url: string): CodedError {
  return new CodedError('host.unreachable', `no answer from ${new URL(url).host}`);
}

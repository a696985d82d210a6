import { type HostSignal, MAX_SIGNAL_MESSAGE } from '@usher/protocol';
import { type RawData, WebSocket } from 'ws';
import type { Clock } from '../clock.ts';

/** What a connection needs of its WebSocket: messages both ways, and an end. */
export interface SignalSocket {
  send(signal: HostSignal): void;
  /** Text, or what came as binary. */
  onMessage(listener: (message: string | Uint8Array) => void): void;
  /** Called once. */
  onClosed(listener: () => void): void;
  /** Idempotent; what was sent before still arrives. */
  close(): void;
}

/**
 * Above this the WebSocket itself cuts the line, without a word. It is more than a signalling message may have, so that one that is
 * merely too long is refused with its code.
 */
export const SOCKET_PAYLOAD_MAX = 4 * MAX_SIGNAL_MESSAGE;
/** Bytes that a viewer may leave unread: the answers and candidates of two peers fit several times. */
const UNREAD_MAX = 4 * MAX_SIGNAL_MESSAGE;
/** A viewer that doesn't answer the closing handshake is cut off. */
const CLOSES_WITHIN_MS = 1_000;

export function signalSocket(socket: WebSocket, clock: Clock): SignalSocket {
  socket.on('error', () => {}); // ws closes the socket after every error, and 'close' tells it
  return {
    send(signal) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > UNREAD_MAX) socket.terminate();
      else socket.send(JSON.stringify(signal));
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        const bytes = bytesOf(data);
        listener(isBinary ? bytes : bytes.toString());
      });
    },
    onClosed(listener) {
      socket.once('close', () => listener());
    },
    close() {
      if (socket.readyState === WebSocket.CLOSED || socket.readyState === WebSocket.CLOSING) return;
      socket.close(1000);
      const cancel = clock.after(CLOSES_WITHIN_MS, () => socket.terminate());
      socket.once('close', cancel);
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

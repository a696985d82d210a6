import type { Readable } from 'node:stream';
import { CodedError, decodeHostMessage, EnvelopeDecoder, type HostMessage, MAX_RELAY_MESSAGE } from '@usher/protocol';

export type StartMessage = Extract<HostMessage, { type: 'start' }>;
export type LaterMessage = Exclude<HostMessage, { type: 'start' }>;

export interface HostEvents {
  /** Exactly once, before anything else. */
  started(message: StartMessage): void;
  received(message: LaterMessage): void;
  /** The host has closed its end: the session is over. */
  ended(): void;
  /** What came is no conversation; nothing more will be read. */
  failed(error: unknown): void;
}

/** Reads the host's messages: `start` first and once, then all others. */
export function readHost(stream: Readable, events: HostEvents): void {
  const decoder = new EnvelopeDecoder(MAX_RELAY_MESSAGE);
  let started = false;
  let over = false;

  const fail = (error: unknown) => {
    if (over) return;
    over = true;
    stream.pause();
    events.failed(error);
  };
  stream.on('data', (chunk: Uint8Array) => {
    if (over) return;
    try {
      for (const bytes of decoder.push(chunk)) {
        const message = decodeHostMessage(bytes);
        if (message.type === 'start') {
          if (started) throw new CodedError('message.unexpected', 'relay: a second start');
          started = true;
          events.started(message);
        } else {
          if (!started) throw new CodedError('message.unexpected', `relay: the first message is start, not ${message.type}`);
          events.received(message);
        }
      }
    } catch (error) {
      fail(error);
    }
  });
  const end = () => {
    if (over) return;
    over = true;
    events.ended();
  };
  stream.on('end', end);
  stream.on('error', end); // a broken pipe is a host that went without closing it
}

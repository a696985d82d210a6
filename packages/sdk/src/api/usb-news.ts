import { Reader } from '@usher/protocol';
import type { UsbEvent, UsbPrompt } from './generated/types.gen.ts';

/** What a page hears of USB while it listens (`GET /usb/events` as a stream). */
export interface UsbNewsListeners {
  /** A device came or went. */
  device?(event: UsbEvent): void;
  /** Somebody is to be asked; those that are open come first. */
  prompt?(prompt: UsbPrompt): void;
  /** The question with this id is over, whoever answered it. */
  promptClosed?(id: string): void;
  sharing?(sharing: { readonly enabled: boolean; readonly running: boolean }): void;
  /** The stream broke, or is there again; while it is broken the browser tries again by itself. */
  connected?(isConnected: boolean): void;
}

/** The part of a browser's `EventSource` that is used. */
export interface EventStream {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

/** Listens until the function returned is called. Give it `new EventSource('/usb/events')`. */
export function listenToUsb(stream: EventStream, listeners: UsbNewsListeners): () => void {
  const on = (name: string, take: (body: Reader, data: unknown) => void) =>
    stream.addEventListener(name, ({ data }) => {
      const text = String(data);
      take(Reader.json(text, name), JSON.parse(text));
    });
  // The host's own answers are what its schemas say, here as in every call of the generated client.
  on('device', (_body, data) => listeners.device?.(data as UsbEvent));
  on('prompt', (_body, data) => listeners.prompt?.(data as UsbPrompt));
  on('prompt-closed', (body) => listeners.promptClosed?.(body.string('id', 64)));
  on('sharing', (body) => listeners.sharing?.({ enabled: body.boolean('enabled'), running: body.boolean('running') }));
  stream.addEventListener('open', () => listeners.connected?.(true));
  stream.addEventListener('error', () => listeners.connected?.(false));
  return () => stream.close();
}

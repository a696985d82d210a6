import type { HostSignal, ViewerSignal } from '@usher/protocol';
import type { SignalSocket } from '../src/connection/signal-socket.ts';
import { Listeners } from '../src/listeners.ts';

/** The WebSocket of a viewer, in memory. `say` and `leave` are the viewer's side. */
export class FakeSignalSocket implements SignalSocket {
  /** Everything that the host sent, oldest first. */
  readonly received: HostSignal[] = [];
  readonly #onMessage = new Listeners<[message: string]>();
  readonly #onClosed = new Listeners<[]>();
  #closed = false;

  get isClosed(): boolean {
    return this.#closed;
  }

  send(signal: HostSignal): void {
    if (!this.#closed) this.received.push(signal);
  }

  onMessage(listener: (message: string | Uint8Array) => void): void {
    this.#onMessage.add(listener);
  }

  onClosed(listener: () => void): void {
    this.#onClosed.add(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed.tellLater();
  }

  /** A message of the viewer, which may be anything. */
  say(message: ViewerSignal | string): void {
    this.#onMessage.tellLater(typeof message === 'string' ? message : JSON.stringify(message));
  }

  leave(): void {
    this.close();
  }

  /** The signals of one type, oldest first. */
  of<Type extends HostSignal['type']>(type: Type): readonly Extract<HostSignal, { type: Type }>[] {
    return this.received.filter((signal): signal is Extract<HostSignal, { type: Type }> => signal.type === type);
  }
}

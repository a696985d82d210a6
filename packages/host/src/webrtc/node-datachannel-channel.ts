import type { DataChannel } from 'node-datachannel';
import { Listeners } from '../listeners.ts';
import { MAX_CHANNEL_MESSAGE, type PeerChannel } from './peer.ts';

/**
 * A viewer's DataChannel over node-datachannel. The native object must not be forgotten before `released` was called: its callbacks
 * come from other threads and don't hold it.
 */
export class NodeDataChannelChannel implements PeerChannel {
  readonly label: string;
  readonly #native: DataChannel;
  readonly #onMessage = new Listeners<[bytes: Uint8Array]>();
  readonly #onClosed = new Listeners<[]>();
  readonly #maxMessage: number;
  #closed = false;

  constructor(native: DataChannel, released: () => void) {
    this.#native = native;
    this.label = native.getLabel();
    this.#maxMessage = native.maxMessageSize();
    const closed = () => {
      this.gone();
      released();
    };
    native.onClosed(closed);
    // The viewer may have closed it on another thread before it was listened to.
    if (!native.isOpen()) queueMicrotask(closed);
  }

  /** Lets messages in. The native side keeps those that came before. */
  open(): void {
    if (!this.#closed) this.#native.onMessage((message) => this.#take(message));
  }

  /** The channel is closed, or its connection is: tells the listeners, once, and takes nothing any more. */
  gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed.tellLater();
  }

  send(bytes: Uint8Array): boolean {
    if (this.#closed || bytes.length > this.#maxMessage || !this.#native.isOpen()) return false;
    try {
      // Its answer only tells whether the message had to wait.
      this.#native.sendMessageBinary(bytes);
      return true;
    } catch {
      return false; // the viewer closed the channel since isOpen: another thread reads its packets
    }
  }

  bufferedAmount(): number {
    return this.#closed ? 0 : this.#native.bufferedAmount();
  }

  onMessage(listener: (bytes: Uint8Array) => void): void {
    this.#onMessage.add(listener);
  }

  onClosed(listener: () => void): void {
    this.#onClosed.add(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.gone();
    // Not from inside one of its own callbacks, which closing takes apart.
    setImmediate(() => this.#native.close());
  }

  #take(message: string | Buffer | ArrayBuffer): void {
    if (this.#closed) return;
    const bytes = typeof message === 'string' ? Buffer.from(message) : new Uint8Array(message);
    if (bytes.length > MAX_CHANNEL_MESSAGE) this.close();
    else this.#onMessage.tell(bytes);
  }
}

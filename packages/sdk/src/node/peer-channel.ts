import { CodedError } from '@usher/protocol';
import type { DataChannel, PeerConnection } from 'node-datachannel';
import type { ChannelSpec, PeerChannel } from '../viewer/peer.ts';

/** A data channel of libdatachannel behind the port, and the promise of its opening. */
export class NodeChannel implements PeerChannel {
  readonly opened: Promise<void>;
  readonly #native: DataChannel;
  #onClose: (() => void) | undefined;
  #closed = false;

  constructor(connection: PeerConnection, { label, ordered, maxRetransmits }: ChannelSpec) {
    this.#native = connection.createDataChannel(label, {
      unordered: !ordered,
      ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
    });
    this.opened = new Promise((resolve) => this.#native.onOpen(resolve));
    this.#native.onClosed(() => this.gone());
  }

  get bufferedAmount(): number {
    return this.#closed ? 0 : this.#native.bufferedAmount();
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    try {
      if (!this.#closed && this.#native.isOpen()) {
        this.#native.sendMessageBinary(bytes); // its answer only tells whether the message had to wait
        return;
      }
    } catch (cause) {
      // Closed since isOpen(): another thread reads the host's packets.
      throw new CodedError('session.transport', 'the connection to the host is closed', { cause });
    }
    throw new CodedError('session.transport', 'the connection to the host is closed');
  }

  /** Text has no place on these channels; it arrives as an empty message, which every reader refuses. */
  onMessage(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#native.onMessage((message) => {
      if (!this.#closed) listener(typeof message === 'string' ? new Uint8Array() : new Uint8Array(message));
    });
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  /** The channel is closed, or its connection is. */
  gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose?.();
  }
}

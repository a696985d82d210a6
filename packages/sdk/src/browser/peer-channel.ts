import { CodedError } from '@usher/protocol';
import type { ChannelSpec, PeerChannel } from '../viewer/peer.ts';

/** A page's data channel behind the port, and the promise of its opening. */
export class BrowserChannel implements PeerChannel {
  readonly opened: Promise<void>;
  readonly #channel: RTCDataChannel;

  constructor(connection: RTCPeerConnection, spec: ChannelSpec) {
    const { label, ordered, maxRetransmits } = spec;
    this.#channel = connection.createDataChannel(label, { ordered, ...(maxRetransmits === undefined ? {} : { maxRetransmits }) });
    this.#channel.binaryType = 'arraybuffer';
    this.opened = new Promise((resolve) => this.#channel.addEventListener('open', () => resolve(), { once: true }));
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#channel.readyState !== 'open') throw new CodedError('session.transport', 'the connection to the host is closed');
    this.#channel.send(bytes);
  }

  /** Text has no place on these channels; it arrives as an empty message, which every reader refuses. */
  onMessage(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      listener(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array());
    });
  }

  onClose(listener: () => void): void {
    this.#channel.addEventListener('close', () => listener(), { once: true });
  }
}

import { CodedError } from '@usher/protocol';
import type { PeerChannel } from '../src/viewer/peer.ts';

/** One end of a channel in memory: what one end sends, the other hears, in order, and never within the same call. */
export class FakeChannel implements PeerChannel {
  bufferedAmount = 0;
  readonly #heard: Uint8Array<ArrayBuffer>[] = [];
  #other: FakeChannel | undefined;
  #onMessage: ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined;
  #onClose: (() => void) | undefined;
  #closed = false;

  static pair(): readonly [viewer: FakeChannel, host: FakeChannel] {
    const [viewer, host] = [new FakeChannel(), new FakeChannel()];
    viewer.#other = host;
    host.#other = viewer;
    return [viewer, host];
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) throw new CodedError('session.transport', 'the channel is closed');
    const copy = bytes.slice(); // the sender may wipe its bytes
    const other = this.#other;
    if (other !== undefined) queueMicrotask(() => other.#arrive(copy));
  }

  onMessage(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#onMessage = listener;
    for (const bytes of this.#heard.splice(0)) listener(bytes);
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  /** Both ends learn of it after everything that was sent before. */
  close(): void {
    queueMicrotask(() => {
      this.#end();
      if (this.#other !== undefined) this.#other.#end();
    });
  }

  #arrive(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) return;
    if (this.#onMessage === undefined) this.#heard.push(bytes);
    else this.#onMessage(bytes);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose?.();
  }
}

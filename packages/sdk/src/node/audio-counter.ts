import type { MediaStats } from '../viewer/peer.ts';
import { readRtp } from './rtp-packet.ts';
import { SequenceCounter } from './sequence-counter.ts';

/** Follows a sound stream without decoding it. */
export class AudioCounter {
  readonly #packets = new SequenceCounter();
  #bytes = 0;

  get stats(): MediaStats['audio'] {
    return { packets: this.#packets.received, bytes: this.#bytes, packetsLost: this.#packets.lost };
  }

  /** Takes one message of the track. */
  push(bytes: Uint8Array): void {
    const packet = readRtp(bytes);
    if (packet === undefined || packet.payload.length === 0) return;
    this.#packets.push(packet.sequence);
    this.#bytes += packet.payload.length;
  }
}

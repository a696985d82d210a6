import type { Clock } from '../clock.ts';
import { PACKET_BYTES, PACKET_FRAMES, SAMPLE_RATE } from './sound.ts';

/** One packet's worth of sound and when it belongs. */
export interface SoundPacket {
  /** PACKET_BYTES of samples; good until the next call. */
  readonly pcm: Uint8Array;
  /** Frames at 48 kHz, 32 bits, running on through silence. */
  readonly timestamp: number;
}

/** Silence that still is sent after a sound (as 10 ms packets): what rings on in the viewer's decoder dies away properly. */
const TAIL_PACKETS = 20;
/** Frames that the packets may lag behind the clock before they jump: an interruption, not the unevenness of a scheduler. */
const LAG_MAX = SAMPLE_RATE / 10;
const SILENCE = new Uint8Array(PACKET_BYTES);
/** How often one silent packet is sent while nothing plays: the way of the sound is known to be open, and an idle desktop costs next to nothing. */
export const SILENT_EVERY_US = 1_000_000;

/**
 * Cuts sound into packets of 10 ms, leaves out digital silence but for a packet now and then, and gives each packet its place on a time line that runs with the
 * clock. While sound goes on, packets follow each other without a gap, however unevenly they come in.
 */
export class PacketCutter {
  readonly #emit: (packet: SoundPacket) => void;
  readonly #clock: Pick<Clock, 'nowUs'>;
  readonly #packet = new Uint8Array(PACKET_BYTES);
  #filled = 0;
  #nextFrame = 0;
  #tail = 0;
  #emittedUs = Number.NEGATIVE_INFINITY;

  constructor(emit: (packet: SoundPacket) => void, clock: Pick<Clock, 'nowUs'>) {
    this.#emit = emit;
    this.#clock = clock;
  }

  push(pcm: Uint8Array): void {
    for (let at = 0; at < pcm.length; ) {
      const take = Math.min(PACKET_BYTES - this.#filled, pcm.length - at);
      this.#packet.set(pcm.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled === PACKET_BYTES) {
        this.#filled = 0;
        this.#finish();
      }
    }
  }

  /** To be called every {@link SILENT_EVERY_US}: says that there is silence, unless something was said meanwhile. */
  idle(): void {
    if (this.#clock.nowUs() - this.#emittedUs >= SILENT_EVERY_US) this.#send(SILENCE);
  }

  #finish(): void {
    const silent = Buffer.compare(this.#packet, SILENCE) === 0;
    this.#tail = silent ? this.#tail - 1 : TAIL_PACKETS;
    if (this.#tail > 0) this.#send(this.#packet);
    else this.#tail = 0;
  }

  #send(pcm: Uint8Array): void {
    this.#emittedUs = this.#clock.nowUs();
    const clockFrame = Math.floor((this.#emittedUs * SAMPLE_RATE) / 1e6);
    if (clockFrame - this.#nextFrame > LAG_MAX) this.#nextFrame = clockFrame;
    this.#emit({ pcm, timestamp: this.#nextFrame % 2 ** 32 });
    this.#nextFrame += PACKET_FRAMES;
  }
}

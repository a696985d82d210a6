import type { MediaClock } from './media-clock.ts';
import type { RtpPacket } from './rtp-stream.ts';

/** Packets leave this much faster than the viewer's estimate: pictures aren't held back, but a key frame isn't one burst. */
const HEADROOM = 3;
/** What leaves at once: the pictures of a few frames at the estimate, and never less than a small key frame. */
const BURST_MS = 20;
const MIN_BURST_BYTES = 30_000;
/** Packets that wait leave in steps of this: Node's timers know milliseconds. */
const STEP_MS = 4;
/** With more than this waiting, a further picture would come too late to be worth sending. */
const MAX_BACKLOG_MS = 300;

/**
 * Spreads the packets of large pictures over time, so that a key frame doesn't overflow the queue of a narrow link. A picture of
 * ordinary size leaves at once: pacing adds no delay to it.
 *
 * Holds at most {@link MAX_BACKLOG_MS} of packets and one picture: see {@link Pacer.isBehind}.
 */
export class Pacer {
  readonly #clock: MediaClock;
  readonly #send: (packet: RtpPacket) => void;
  #waiting: RtpPacket[] = [];
  #waitingBytes = 0;
  #kbps: number;
  #allowance = MIN_BURST_BYTES;
  #filledUs: number;
  #cancelStep: (() => void) | undefined;

  constructor(options: { clock: MediaClock; kbps: number; send: (packet: RtpPacket) => void }) {
    this.#clock = options.clock;
    this.#send = options.send;
    this.#kbps = options.kbps * HEADROOM;
    this.#filledUs = options.clock.nowUs();
  }

  /** True where the caller must drop a picture instead of pushing it. */
  get isBehind(): boolean {
    return this.#waitingBytes * 8 > this.#kbps * MAX_BACKLOG_MS;
  }

  setEstimate(kbps: number): void {
    this.#refill();
    this.#kbps = kbps * HEADROOM;
  }

  push(packets: readonly RtpPacket[]): void {
    for (const packet of packets) {
      this.#waiting.push(packet);
      this.#waitingBytes += packet.bytes.length;
    }
    if (this.#cancelStep === undefined) this.#release();
  }

  /** Forgets what waits. */
  stop(): void {
    this.#cancelStep?.();
    this.#cancelStep = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #release(): void {
    this.#cancelStep = undefined;
    this.#refill();
    let sent = 0;
    for (const packet of this.#waiting) {
      // The allowance may run below zero by one packet, which the next step makes good.
      if (this.#allowance <= 0) break;
      this.#allowance -= packet.bytes.length;
      this.#waitingBytes -= packet.bytes.length;
      this.#send(packet);
      sent += 1;
    }
    this.#waiting.splice(0, sent);
    if (this.#waiting.length > 0) this.#cancelStep = this.#clock.after(STEP_MS, () => this.#release());
  }

  #refill(): void {
    const nowUs = this.#clock.nowUs();
    const burst = Math.max(MIN_BURST_BYTES, (this.#kbps * BURST_MS) / 8);
    this.#allowance = Math.min(burst, this.#allowance + ((nowUs - this.#filledUs) * this.#kbps) / 8000);
    this.#filledUs = nowUs;
  }
}

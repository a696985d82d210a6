import type { AudioUnit } from '@usher/protocol';
import type { MediaClock } from './media-clock.ts';
import type { RtpStream } from './rtp-stream.ts';

/** Opus over RTP always counts 48 kHz (RFC 7587 §4.1), as the units do. */
const AUDIO_CLOCK_HZ = 48_000;

export interface AudioSenderOptions {
  readonly stream: RtpStream;
  readonly clock: MediaClock;
  readonly firstTimestamp: number;
  send(packet: Buffer): void;
}

/** One viewer's sound: a packet a unit (RFC 7587 §4.2). Lost ones aren't resent: Opus conceals 10 ms better than waiting does. */
export class AudioSender {
  readonly stream: RtpStream;
  readonly #clock: MediaClock;
  readonly #send: (packet: Buffer) => void;
  readonly #offset: number;
  #last: { readonly timestamp: number; readonly atUs: number } | undefined;

  constructor(options: AudioSenderOptions) {
    this.stream = options.stream;
    this.#clock = options.clock;
    this.#send = options.send;
    this.#offset = options.firstTimestamp;
  }

  sendUnit(unit: AudioUnit): void {
    const payload = [{ header: [], body: unit.data.subarray(0, this.stream.maxPayload) }];
    const timestamp = (unit.timestamp + this.#offset) % 2 ** 32;
    const nowUs = this.#clock.nowUs();
    // The marker opens a talkspurt (RFC 3551 §4.1): here, the stream.
    for (const packet of this.stream.build(payload, timestamp, this.#last === undefined)) {
      this.stream.stampSendTime(packet, nowUs);
      this.#send(packet.bytes);
    }
    this.#last = { timestamp, atUs: nowUs };
  }

  /** The stream's time now, for a sender report; counted from the last unit, which was captured just before it came. */
  rtpTimestampNow(nowUs: number): number {
    if (this.#last === undefined) return this.#offset;
    return (this.#last.timestamp + Math.round(((nowUs - this.#last.atUs) * AUDIO_CLOCK_HZ) / 1e6)) % 2 ** 32;
  }
}

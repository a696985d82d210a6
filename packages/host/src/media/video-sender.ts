import { VideoCodec, type VideoUnit } from '@usher/protocol';
import { h264Payloads } from './h264-payload.ts';
import { KeyframeGate } from './keyframe-gate.ts';
import type { MediaClock } from './media-clock.ts';
import { Pacer } from './pacer.ts';
import { ResendHistory } from './resend.ts';
import { RtpClock } from './rtp-clock.ts';
import type { Payload, RtpPacket, RtpStream } from './rtp-stream.ts';
import { vp8Payloads } from './vp8-payload.ts';

/** The clock of every video codec over RTP (RFC 6184 §8.2.1, RFC 7741 §6.1). */
const VIDEO_CLOCK_HZ = 90_000;

export interface VideoSenderOptions {
  readonly codec: VideoCodec;
  readonly stream: RtpStream;
  readonly clock: MediaClock;
  readonly kbps: number;
  readonly firstTimestamp: number;
  readonly firstPictureId: number;
  /** Puts one packet on the wire. */
  send(packet: Buffer): void;
  needKeyframe(): void;
}

/** One viewer's picture: packets, resending, pacing, and the wait for key frames. */
export class VideoSender {
  readonly codec: VideoCodec;
  readonly stream: RtpStream;
  readonly #clock: MediaClock;
  readonly #send: (packet: Buffer) => void;
  readonly #gate: KeyframeGate;
  readonly #pacer: Pacer;
  readonly #history: ResendHistory;
  readonly #rtpClock: RtpClock;
  #pictureId: number;

  constructor(options: VideoSenderOptions) {
    this.codec = options.codec;
    this.stream = options.stream;
    this.#clock = options.clock;
    this.#send = options.send;
    this.#gate = new KeyframeGate(options.needKeyframe);
    this.#history = new ResendHistory(options.clock.nowUs());
    this.#rtpClock = new RtpClock(VIDEO_CLOCK_HZ, options.firstTimestamp);
    this.#pictureId = options.firstPictureId;
    this.#pacer = new Pacer({
      clock: options.clock,
      kbps: options.kbps,
      send: (packet) => this.#transmit(packet),
    });
  }

  start(): void {
    this.#gate.start(this.#clock.nowUs());
  }

  stop(): void {
    this.#pacer.stop();
  }

  sendUnit(unit: VideoUnit): void {
    const nowUs = this.#clock.nowUs();
    if (this.#pacer.isBehind) {
      this.#gate.dropped(nowUs);
      return;
    }
    if (!this.#gate.admits(unit.key, nowUs)) return;
    const timestamp = this.#rtpClock.timestampOf(Number(unit.capturedUs));
    const packets = this.stream.build(this.#payloads(unit), timestamp);
    if (unit.key) this.#history.forgetOverdue(nowUs);
    for (const packet of packets) this.#history.keep(packet, nowUs);
    this.#pacer.push(packets);
  }

  /** The viewer misses packets. */
  resend(sequences: readonly number[], rttMs: number, kbps: number): void {
    const nowUs = this.#clock.nowUs();
    for (const packet of this.#history.take(sequences, { nowUs, rttMs, kbps })) this.#transmit(packet);
    if (this.#history.isOverdue(sequences, { nowUs, rttMs })) this.#gate.beyondRepair(nowUs);
  }

  keyframeRequested(rttMs: number): void {
    this.#gate.requested(this.#clock.nowUs(), rttMs);
  }

  setEstimate(kbps: number): void {
    this.#pacer.setEstimate(kbps);
  }

  /** The stream's time now, for a sender report. */
  rtpTimestampNow(nowUs: number): number {
    return this.#rtpClock.at(nowUs);
  }

  #payloads(unit: VideoUnit): readonly Payload[] {
    if (unit.codec === VideoCodec.H264) return h264Payloads(unit.data, this.stream.maxPayload);
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    return vp8Payloads(unit.data, this.#pictureId, this.stream.maxPayload);
  }

  #transmit(packet: RtpPacket): void {
    this.stream.stampSendTime(packet, this.#clock.nowUs());
    this.#send(packet.bytes);
  }
}

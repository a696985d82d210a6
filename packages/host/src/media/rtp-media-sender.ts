import type { AudioUnit, VideoCodec, VideoUnit } from '@usher/protocol';
import { Listeners } from '../listeners.ts';
import { AudioSender } from './audio-sender.ts';
import { LossMeter } from './loss-meter.ts';
import type { MediaClock } from './media-clock.ts';
import type { MediaSender, MediaStats } from './media-sender.ts';
import { RateControl } from './rate-control.ts';
import { RoundTrip } from './round-trip.ts';
import { type RtcpFeedback, readRtcp, senderReport } from './rtcp.ts';
import { RtpStream } from './rtp-stream.ts';
import { VideoSender } from './video-sender.ts';

/** Sender reports this often, while something is sent: each one lets the viewer's next report tell the round trip. */
const REPORT_EVERY_US = 500_000;
/** Smaller changes of the estimate aren't worth an encoder's while. */
const TOLD_CHANGE = 0.05;

/** One negotiated track: what its packets look like. */
interface MediaTrack {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly playoutDelayId: number | undefined;
  readonly absSendTimeId: number | undefined;
}

export interface RtpMediaSenderOptions {
  readonly video: (MediaTrack & { readonly codec: VideoCodec }) | undefined;
  readonly audio: MediaTrack | undefined;
  /** Names this sender in RTCP; picture and sound share it, and with it a clock. ASCII, at most 255 characters. */
  readonly cname: string;
  readonly clock: MediaClock;
  /** The round trip as the connection's handshakes have shown it, in milliseconds; undefined where it is unknown. */
  connectionRttMs(): number | undefined;
  /** Encrypts and sends an RTP or RTCP packet; does nothing where the connection isn't open. */
  send(packet: Buffer): void;
  /** A random integer from 0 to `limit` − 1: RTP's numbers start at random ones (RFC 3550 §5.1). */
  random(limit: number): number;
}

/** Sends a worker's units to one viewer over RTP, and follows what the viewer's RTCP says. Knows no WebRTC library. */
export class RtpMediaSender implements MediaSender {
  readonly #options: RtpMediaSenderOptions;
  readonly #video: VideoSender | undefined;
  readonly #audio: AudioSender | undefined;
  readonly #rate: RateControl;
  readonly #roundTrip = new RoundTrip();
  readonly #losses = new LossMeter();
  readonly #onKeyframeNeeded = new Listeners<[]>();
  readonly #onEstimate = new Listeners<[kbps: number]>();
  readonly #reportedUs = new Map<number, number>();
  #state: 'new' | 'started' | 'stopped' = 'new';
  #toldKbps: number;
  #lossFraction = 0;
  #sentBytes = 0;

  constructor(options: RtpMediaSenderOptions) {
    this.#options = options;
    this.#rate = new RateControl(options.clock.nowUs());
    this.#toldKbps = this.#rate.kbps;
    this.#video = this.#makeVideo();
    this.#audio = this.#makeAudio();
  }

  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    this.#rate.start(this.#options.connectionRttMs());
    this.#tellEstimate();
    this.#video?.start();
  }

  /** Nothing leaves afterwards. */
  stop(): void {
    this.#state = 'stopped';
    this.#video?.stop();
  }

  sendVideo(unit: VideoUnit): void {
    if (this.#state !== 'started' || unit.codec !== this.#video?.codec) return;
    this.#video.sendUnit(unit);
    this.#report(this.#video);
  }

  sendAudio(unit: AudioUnit): void {
    if (this.#state !== 'started' || this.#audio === undefined) return;
    this.#audio.sendUnit(unit);
    this.#report(this.#audio);
  }

  onKeyframeNeeded(listener: () => void): void {
    this.#onKeyframeNeeded.add(listener);
  }

  onEstimate(listener: (kbps: number) => void): void {
    this.#onEstimate.add(listener);
  }

  stats(): MediaStats {
    const rttMs = this.#roundTrip.ms;
    return {
      ...(rttMs === undefined ? {} : { rttMs }),
      lossFraction: this.#lossFraction,
      sentBytes: this.#sentBytes,
      estimateKbps: this.#rate.kbps,
    };
  }

  /** What the viewer said: an RTCP packet, or anything else, which is passed over. */
  receive(bytes: Uint8Array): void {
    if (this.#state !== 'started') return;
    for (const feedback of readRtcp(bytes)) this.#take(feedback);
    this.#tellEstimate();
  }

  #take(feedback: RtcpFeedback): void {
    if (feedback.type === 'bandwidth') {
      this.#rate.bandwidth(feedback.kbps, this.#options.clock.nowUs());
      return;
    }
    const video = this.#video?.stream.ssrc === feedback.ssrc ? this.#video : undefined;
    if (feedback.type === 'report') {
      if (video !== undefined) this.#takeReport(feedback, true);
      else if (feedback.ssrc === this.#audio?.stream.ssrc) this.#takeReport(feedback, this.#video === undefined);
    } else if (feedback.type === 'keyframe') {
      video?.keyframeRequested(this.#rttMs);
    } else {
      video?.resend(feedback.sequences, this.#rttMs, this.#rate.kbps);
    }
  }

  /** `decides`: whether the report is about the stream whose losses the estimate follows. */
  #takeReport(report: RtcpFeedback & { readonly type: 'report' }, decides: boolean): void {
    const nowUs = this.#options.clock.nowUs();
    const rttMs = this.#roundTrip.measure(report, nowUs);
    if (!decides) return;
    if (rttMs !== undefined) this.#rate.roundTrip(rttMs, nowUs);
    const loss = this.#losses.take(report, nowUs);
    if (loss === undefined) return;
    this.#lossFraction = loss;
    this.#rate.loss(loss, nowUs);
  }

  #tellEstimate(): void {
    const kbps = this.#rate.kbps;
    if (Math.abs(kbps - this.#toldKbps) <= this.#toldKbps * TOLD_CHANGE) return;
    this.#toldKbps = kbps;
    this.#video?.setEstimate(kbps);
    this.#onEstimate.tellLater(kbps);
  }

  /** A sender report beside the packets, where one is due. */
  #report(sender: VideoSender | AudioSender): void {
    const { clock, cname, send } = this.#options;
    const nowUs = clock.nowUs();
    const { ssrc, counts } = sender.stream;
    if (counts.packets === 0 || nowUs - (this.#reportedUs.get(ssrc) ?? Number.NEGATIVE_INFINITY) < REPORT_EVERY_US) return;
    this.#reportedUs.set(ssrc, nowUs);
    send(senderReport({ ssrc, nowUs, rtpTimestamp: sender.rtpTimestampNow(nowUs), ...counts }, cname));
  }

  #makeVideo(): VideoSender | undefined {
    const { video, clock, random } = this.#options;
    if (video === undefined) return undefined;
    return new VideoSender({
      codec: video.codec,
      stream: new RtpStream({ ...video, firstSequence: random(2 ** 16) }),
      clock,
      kbps: this.#rate.kbps,
      firstTimestamp: random(2 ** 32),
      firstPictureId: random(2 ** 15),
      send: (packet) => {
        this.#rate.sent(packet.length, clock.nowUs());
        this.#transmit(packet);
      },
      needKeyframe: () => this.#onKeyframeNeeded.tellLater(),
    });
  }

  #makeAudio(): AudioSender | undefined {
    const { audio, clock, random } = this.#options;
    if (audio === undefined) return undefined;
    return new AudioSender({
      stream: new RtpStream({ ...audio, firstSequence: random(2 ** 16) }),
      clock,
      firstTimestamp: random(2 ** 32),
      send: (packet) => this.#transmit(packet),
    });
  }

  #transmit(packet: Buffer): void {
    this.#sentBytes += packet.length;
    this.#options.send(packet);
  }

  get #rttMs(): number {
    return this.#roundTrip.ms ?? 0;
  }
}

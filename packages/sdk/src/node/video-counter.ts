import type { MediaStats } from '../viewer/peer.ts';
import type { VideoCodecName } from '../viewer/sdp.ts';
import { inspectH264 } from './h264-inspector.ts';
import type { PayloadFacts } from './payload-facts.ts';
import { type RtpPacket, readRtp } from './rtp-packet.ts';
import { SequenceCounter } from './sequence-counter.ts';
import { inspectVp8 } from './vp8-inspector.ts';

const INSPECTORS: Readonly<Record<VideoCodecName, (payload: Uint8Array) => PayloadFacts>> = { h264: inspectH264, vp8: inspectVp8 };

/** Between two requests for a key frame: one takes a round trip and an encoder's picture to arrive. */
const REQUEST_EVERY_MS = 500;

/**
 * Follows a video stream without decoding it: whole pictures, key frames, size, loss. A picture counts when each of its packets came
 * and everything since the last key frame did too, so it is what a decoder could have shown.
 */
export class VideoCounter {
  readonly #inspect: (payload: Uint8Array) => PayloadFacts;
  readonly #requestKeyframe: () => void;
  readonly #now: () => number;
  readonly #packets = new SequenceCounter();
  #bytes = 0;
  #frames = 0;
  #keyframes = 0;
  #dropped = 0;
  #size = { width: 0, height: 0 };
  #firstFrameAtMs: number | undefined;
  #requestedAtMs = Number.NEGATIVE_INFINITY;
  /** The picture that is arriving. */
  #picture: { readonly timestamp: number; whole: boolean; key: boolean } | undefined;
  /** Whether everything since a key frame has come. */
  #decodable = false;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(codec: VideoCodecName, requestKeyframe: () => void, now: () => number = () => performance.now()) {
    this.#inspect = INSPECTORS[codec];
    this.#requestKeyframe = requestKeyframe;
    this.#now = now;
  }

  /** When the first whole picture was there; undefined before. */
  get firstFrameAtMs(): number | undefined {
    return this.#firstFrameAtMs;
  }

  get stats(): MediaStats['video'] {
    return {
      ...this.#size,
      frames: this.#frames,
      keyframes: this.#keyframes,
      bytes: this.#bytes,
      packets: this.#packets.received,
      packetsLost: this.#packets.lost,
      dropped: this.#dropped,
      delayMs: 0, // nothing is decoded, so nothing waits
    };
  }

  /** Takes one message of the track. */
  push(bytes: Uint8Array): void {
    const packet = readRtp(bytes);
    if (packet === undefined || packet.payload.length === 0) return; // RTCP, or padding that only measures the line
    this.#bytes += packet.payload.length;
    const arrival = this.#packets.push(packet.sequence);
    if (arrival === 'late') return; // its picture was given up when it was overtaken
    this.#follow(packet, arrival === 'gap');
    if (packet.marker) this.#finish();
  }

  #follow(packet: RtpPacket, gap: boolean): void {
    const facts = this.#inspect(packet.payload);
    let picture = this.#picture;
    if (picture?.timestamp !== packet.timestamp) {
      if (picture !== undefined) this.#drop(); // its last packet never came
      // After a gap nobody knows whether the lost packets were this picture's beginning.
      picture = { timestamp: packet.timestamp, whole: !gap, key: false };
    } else if (gap) picture.whole = false;
    picture.key ||= facts.key;
    this.#picture = picture;
    if (facts.size !== undefined) this.#size = facts.size;
  }

  #finish(): void {
    const picture = this.#picture;
    this.#picture = undefined;
    if (picture === undefined) return;
    if (!picture.whole || !(picture.key || this.#decodable)) {
      this.#drop();
      return;
    }
    this.#decodable = true;
    this.#frames += 1;
    if (picture.key) this.#keyframes += 1;
    this.#firstFrameAtMs ??= this.#now();
  }

  #drop(): void {
    this.#picture = undefined;
    this.#decodable = false;
    this.#dropped += 1;
    if (this.#now() - this.#requestedAtMs < REQUEST_EVERY_MS) return;
    this.#requestedAtMs = this.#now();
    this.#requestKeyframe();
  }
}

import type { HostMessage, VideoCodec, VideoUnit } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { MediaSender } from '../media/media-sender.ts';

/** Key frames asked of a worker are this far apart: each costs as much as ten ordinary pictures. */
export const KEYFRAME_SPACING_MS = 200;
/** A key frame that hasn't come after this was lost on the way to be asked for; the next request goes out again. */
const KEYFRAME_OVERDUE_MS = 1_000;
/** Below, a moving desktop can't be read; above, no viewer over a network gains anything (kilobits a second). */
const KBPS = { min: 200, max: 20_000 } as const;

/** One viewer of a stream. */
export interface StreamMember {
  readonly media: MediaSender;
  /** The most that the viewer wants, kilobits a second; 0 leaves it to the host. */
  readonly wishKbps: number;
}

/** One encode, sent to every viewer of its codec at the pace of the slowest (requirement P7.3). */
export class VideoStream<Member extends StreamMember = StreamMember> {
  readonly #codec: VideoCodec;
  readonly #clock: Clock;
  readonly #send: (message: HostMessage) => void;
  readonly #members = new Set<Member>();
  #kbps = 0;
  #askedMs = Number.NEGATIVE_INFINITY;
  /** A key frame was asked for and hasn't come. */
  #expected = false;
  #cancelAsking: (() => void) | undefined;

  constructor(codec: VideoCodec, clock: Clock, send: (message: HostMessage) => void) {
    this.#codec = codec;
    this.#clock = clock;
    this.#send = send;
  }

  get kbps(): number {
    return this.#kbps;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** The first member starts the encoder, which begins with a key frame; a later one needs a key frame of its own. */
  join(member: Member): void {
    const first = this.isEmpty;
    this.#members.add(member);
    if (first) {
      this.#kbps = this.#slowest();
      this.#send({ type: 'start-stream', codec: this.#codec, kbps: this.#kbps });
      this.#asked();
    } else {
      this.adjust();
      this.requestKeyframe();
    }
  }

  leave(member: Member): void {
    if (!this.#members.delete(member)) return;
    if (this.isEmpty) {
      this.close();
      this.#send({ type: 'stop-stream', codec: this.#codec });
    } else this.adjust();
  }

  /** A member's network changed. */
  adjust(): void {
    const kbps = this.#slowest();
    if (kbps === this.#kbps) return;
    this.#kbps = kbps;
    this.#send({ type: 'bitrate', codec: this.#codec, kbps });
  }

  /** Now, or as soon as the spacing allows; one key frame answers everybody who asks meanwhile. */
  requestKeyframe(): void {
    const sinceMs = this.#clock.now() - this.#askedMs;
    if (this.#cancelAsking !== undefined || (this.#expected && sinceMs < KEYFRAME_OVERDUE_MS)) return;
    if (sinceMs >= KEYFRAME_SPACING_MS) this.#ask();
    else {
      this.#cancelAsking = this.#clock.after(KEYFRAME_SPACING_MS - sinceMs, () => {
        this.#cancelAsking = undefined;
        this.#ask();
      });
    }
  }

  show(unit: VideoUnit): void {
    if (unit.key) this.#expected = false;
    for (const member of this.#members) member.media.sendVideo(unit);
  }

  /** Nobody looks, or nobody sends: nothing is to be asked any more. */
  close(): void {
    this.#members.clear();
    this.#cancelAsking?.();
    this.#cancelAsking = undefined;
  }

  #ask(): void {
    this.#send({ type: 'keyframe', codec: this.#codec });
    this.#asked();
  }

  #asked(): void {
    this.#askedMs = this.#clock.now();
    this.#expected = true;
  }

  #slowest(): number {
    return Math.min(...[...this.#members].map(kbpsFor));
  }
}

function kbpsFor({ media, wishKbps }: StreamMember): number {
  const wish = wishKbps === 0 ? KBPS.max : Math.min(wishKbps, KBPS.max);
  return Math.round(Math.max(KBPS.min, Math.min(media.stats().estimateKbps, wish)));
}

import type { VideoUnit } from '@usher/protocol';
import { monotonicClock } from '../src/media/media-clock.ts';
import type { MediaSender } from '../src/media/media-sender.ts';
import { at } from './encoded-units.ts';

/**
 * Plays the part of a worker: sends encoded units over and over at their frame rate, as if captured live, until it is stopped. Where the
 * machine stalls there are no pictures for a while, as a worker captures none then; they don't come all at once afterwards.
 */
export class PacedUnits {
  readonly #media: MediaSender;
  /** What the encoder makes now; asked at each key frame. */
  readonly #encode: () => readonly VideoUnit[];
  readonly #timer: NodeJS.Timeout;
  #units: readonly VideoUnit[] = [];
  #next = 0;
  #sent = 0;
  #keyframesAsked = 0;

  constructor(media: MediaSender, encode: () => readonly VideoUnit[], framesPerSecond: number) {
    this.#media = media;
    this.#encode = encode;
    const intervalUs = 1e6 / framesPerSecond;
    let dueUs = monotonicClock.nowUs();
    media.onKeyframeNeeded(() => {
      this.#next = this.#units.length;
      this.#keyframesAsked += 1;
    });
    this.#timer = setInterval(() => {
      const nowUs = monotonicClock.nowUs();
      if (nowUs < dueUs) return;
      dueUs = Math.max(dueUs + intervalUs, nowUs);
      this.#send(nowUs);
    }, 4);
  }

  get sent(): number {
    return this.#sent;
  }

  get keyframesAsked(): number {
    return this.#keyframesAsked;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(nowUs: number): void {
    if (this.#next >= this.#units.length) {
      this.#units = this.#encode();
      this.#next = 0;
    }
    const unit = this.#units[this.#next];
    if (unit !== undefined) this.#media.sendVideo(at(unit, nowUs));
    this.#next += 1;
    this.#sent += 1;
  }
}

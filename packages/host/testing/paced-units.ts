import type { VideoUnit } from '@usher/protocol';
import { monotonicClock } from '../src/media/media-clock.ts';
import type { MediaSender } from '../src/webrtc/peer.ts';
import { at } from './encoded-units.ts';

/** Sends units over and over at their frame rate, as if captured live, until it is stopped. A key frame that is asked for restarts them. */
export class PacedUnits {
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #next = 0;
  #keyframes = 0;

  constructor(media: MediaSender, units: readonly VideoUnit[], framesPerSecond: number) {
    const startUs = monotonicClock.nowUs();
    media.onKeyframeNeeded(() => {
      this.#next = 0;
      this.#keyframes += 1;
    });
    this.#timer = setInterval(() => {
      const nowUs = monotonicClock.nowUs();
      // A timer that came late is made up for, as a capture clock would.
      while (this.#sent < ((nowUs - startUs) * framesPerSecond) / 1e6) {
        const unit = units[this.#next % units.length];
        if (unit !== undefined) media.sendVideo(at(unit, nowUs));
        this.#next += 1;
        this.#sent += 1;
      }
    }, 4);
  }

  get sent(): number {
    return this.#sent;
  }

  /** How often a key frame was asked for. */
  get keyframesAsked(): number {
    return this.#keyframes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

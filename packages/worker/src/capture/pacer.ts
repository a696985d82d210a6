/** What the capture loop is to do next. Times are microseconds of one monotonic clock. */
export type PacerDecision =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly untilUs: number }
  /** Take a new picture and encode it. */
  | { readonly do: 'grab' }
  /** Encode the last picture once more. */
  | { readonly do: 'repeat' };

/**
 * What had to be coarse in motion, and a key frame that had to fit the line, is refined once the screen is at rest: the last picture is
 * encoded again this often, for as long as that adds anything. At the lowest rates two seconds make any desktop readable.
 */
export const REFINE_EVERY_US = 33_000;
export const REFINE_FOR_US = 2_000_000;
/** A repeated picture of fewer bytes added nothing that can be seen: it fits one packet and says "no change". */
const REFINED_BYTES = 1000;
/**
 * Times after the last motion at which the last picture is sent once more, so that a viewer who lost its last packet notices the gap and
 * asks for it. After the last of these nothing runs any more; whoever was cut off for longer asks for a key frame when the line is back.
 */
export const HEARTBEAT_AFTER_US: readonly number[] = [100, 400, 1_000, 3_000, 8_000].map((ms) => ms * 1000);
/** A picture may come this much early, as a share of the interval, if the one before was late: clocks of programs and ours beat. */
const EARLY_SHARE = 0.4;

/** Decides when the screen is looked at: as soon as it changes, no faster than the rate, and hardly ever when it is at rest. */
export class Pacer {
  #intervalUs: number;
  #changed = false;
  #demanded = false;
  #started = false;
  /** When the next new picture is due at the earliest, on an even grid. */
  #gridUs = Number.NEGATIVE_INFINITY;
  #grabbedUs = Number.NEGATIVE_INFINITY;
  #restingSinceUs = 0;
  /** When the last picture, new or repeated, was begun. */
  #shownUs = 0;
  #refined = false;

  constructor(fps: number) {
    this.#intervalUs = 1e6 / fps;
  }

  set fps(fps: number) {
    this.#intervalUs = 1e6 / fps;
  }

  /** The screen isn't what the last picture shows. */
  changed(): void {
    this.#changed = true;
  }

  /** A picture is wanted even if nothing moves: somebody needs a key frame. */
  demand(): void {
    this.#demanded = true;
  }

  /** Forgets the last picture: the screen has another size. */
  reset(): void {
    this.#started = false;
    this.#changed = true;
  }

  next(nowUs: number): PacerDecision {
    if (this.#changed || (this.#demanded && !this.#started)) {
      const earliestUs = Math.max(this.#gridUs, this.#grabbedUs + this.#intervalUs * (1 - EARLY_SHARE));
      return nowUs >= earliestUs ? { do: 'grab' } : { do: 'wait', untilUs: earliestUs };
    }
    if (this.#demanded) return { do: 'repeat' };
    const untilUs = this.#nextRepeatUs();
    if (untilUs === undefined) return { do: 'nothing' };
    return nowUs >= untilUs ? { do: 'repeat' } : { do: 'wait', untilUs };
  }

  /** A decision is being carried out. */
  begin(what: 'grab' | 'repeat', nowUs: number): void {
    this.#shownUs = nowUs;
    // A key frame for somebody starts as coarse as a moving picture does.
    if (what === 'grab' || this.#demanded) {
      this.#restingSinceUs = nowUs;
      this.#refined = false;
    }
    this.#demanded = false;
    if (what === 'repeat') return;
    this.#changed = false;
    this.#started = true;
    this.#gridUs = Math.max(this.#gridUs + this.#intervalUs, nowUs);
    this.#grabbedUs = nowUs;
  }

  /** A repeated picture was encoded; `bytes` is the largest that it took in any codec. */
  repeated(bytes: number): void {
    this.#refined ||= bytes < REFINED_BYTES;
  }

  #nextRepeatUs(): number | undefined {
    if (!this.#started) return undefined;
    const restedUs = this.#shownUs - this.#restingSinceUs;
    if (!this.#refined && restedUs + REFINE_EVERY_US <= REFINE_FOR_US) return this.#shownUs + REFINE_EVERY_US;
    const heartbeat = HEARTBEAT_AFTER_US.find((after) => after > restedUs);
    return heartbeat === undefined ? undefined : this.#restingSinceUs + heartbeat;
  }
}

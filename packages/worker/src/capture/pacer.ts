/** What the capture loop is to do next. Times are microseconds of one monotonic clock. */
export type PacerDecision =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly untilUs: number }
  /** Take a new picture and encode it. */
  | { readonly do: 'grab' }
  /** Encode the last picture once more. */
  | { readonly do: 'repeat' };

/**
 * When the screen has come to rest, the last picture is encoded again: first to refine what had to be coarse in motion, and
 * each time so that a viewer who lost the last packet notices the gap and asks for it. After the last of these nothing runs
 * any more. Whoever was cut off for longer than that asks for a key frame when the line is back.
 */
export const REPEAT_AFTER_US: readonly number[] = [50, 100, 200, 400, 1_000, 3_000, 8_000].map((ms) => ms * 1000);
/** Of these, the ones up to here are for refinement and are left out once a picture has nothing left to refine. */
const REFINEMENTS = 4;
/** A repeated picture of fewer bytes added nothing that can be seen: it fits one packet and says "no change". */
const REFINED_BYTES = 1000;
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
  #repeats = REPEAT_AFTER_US.length;

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
    const after = REPEAT_AFTER_US[this.#repeats];
    if (after === undefined) return { do: 'nothing' };
    const untilUs = this.#restingSinceUs + after;
    return nowUs >= untilUs ? { do: 'repeat' } : { do: 'wait', untilUs };
  }

  /** A decision is being carried out. */
  begin(what: 'grab' | 'repeat', nowUs: number): void {
    this.#demanded = false;
    if (what === 'repeat') {
      this.#repeats += 1;
      return;
    }
    this.#changed = false;
    this.#started = true;
    this.#gridUs = Math.max(this.#gridUs + this.#intervalUs, nowUs);
    this.#grabbedUs = nowUs;
    this.#restingSinceUs = nowUs;
    this.#repeats = 0;
  }

  /** A repeated picture was encoded; `bytes` is the largest that it took in any codec. */
  repeated(bytes: number): void {
    if (bytes < REFINED_BYTES) this.#repeats = Math.max(this.#repeats, REFINEMENTS);
  }
}

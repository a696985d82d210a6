/** First wait after the second failure in a row, and the longest: long enough not to burn a core, short enough to wait for. */
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** A run this long was a good one: what ends it is a new story. */
const GOOD_RUN_MS = 60_000;

/**
 * When a process that ended may be started again: at once after the first failure, then after 1, 2, 4 … 30 seconds.
 * Times are milliseconds of any clock that doesn't go back.
 */
export class BackOff {
  #failures = 0;
  #nextMs = Number.NEGATIVE_INFINITY;

  /** The process ended without being asked to, after `ranMs`. */
  failed(nowMs: number, ranMs: number): void {
    this.#failures = ranMs >= GOOD_RUN_MS ? 1 : this.#failures + 1;
    this.#nextMs = this.#failures === 1 ? nowMs : nowMs + Math.min(FIRST_MS * 2 ** (this.#failures - 2), LONGEST_MS);
  }

  /** Milliseconds until the next start is allowed; 0 = now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#nextMs - nowMs);
  }
}

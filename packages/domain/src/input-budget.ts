/** Events a second that a person with a fast mouse and a keyboard makes, twice over. */
const EVENTS_PER_SECOND = 4_000;
/** Events at once: a page that was busy, or a text that is pasted. */
const BURST = 8_192;

/**
 * How much input one viewer may give, so that it can't drown a desktop that others look at. Times are milliseconds of any clock that
 * doesn't go back.
 */
export class InputBudget {
  #left = BURST;
  #filledMs: number;

  constructor(nowMs: number) {
    this.#filledMs = nowMs;
  }

  /** Whether that many events are within the budget; they are counted if they are. */
  take(events: number, nowMs: number): boolean {
    this.#left = Math.min(BURST, this.#left + ((nowMs - this.#filledMs) / 1000) * EVENTS_PER_SECOND);
    this.#filledMs = nowMs;
    if (events > this.#left) return false;
    this.#left -= events;
    return true;
  }
}

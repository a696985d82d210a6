/** Fewer packets make a chance loss look like a full link: viewers report after a handful of packets when they miss one. */
const MIN_PACKETS = 50;
/** And a shorter time makes one burst look like it. */
const MIN_SPAN_US = 250_000;

/** Joins receiver reports until they are about enough packets to mean something. */
export class LossMeter {
  #highest: number | undefined;
  #expected = 0;
  #lost = 0;
  #sinceUs = 0;

  /**
   * Takes a report: the share lost since the viewer's report before it, and the highest sequence number received, with its wraps in
   * the upper half (RFC 3550 §6.4.1). Answers the share over all reports since its last answer, or undefined while those are too few.
   */
  take(report: { readonly lossFraction: number; readonly highestSequence: number }, nowUs: number): number | undefined {
    const expected = this.#highest === undefined ? 0 : (report.highestSequence - this.#highest) | 0;
    this.#highest = report.highestSequence;
    // The first report only tells where counting starts; one that goes backwards came late.
    if (expected <= 0) {
      if (this.#expected === 0) this.#sinceUs = nowUs;
      return undefined;
    }
    this.#expected += expected;
    this.#lost += report.lossFraction * expected;
    if (this.#expected < MIN_PACKETS || nowUs - this.#sinceUs < MIN_SPAN_US) return undefined;
    const share = this.#lost / this.#expected;
    this.#expected = 0;
    this.#lost = 0;
    this.#sinceUs = nowUs;
    return share;
  }
}

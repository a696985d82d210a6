/** Candidates of one peer that are kept; browsers and libdatachannel make a dozen at most. */
const CANDIDATES_MAX = 64;

/** Candidates that must wait, and then are passed on in their order. */
export class HeldCandidates {
  readonly #pass: (candidate: string, mid: string) => void;
  #held: { candidate: string; mid: string }[] | undefined = [];

  constructor(pass: (candidate: string, mid: string) => void) {
    this.#pass = pass;
  }

  add(candidate: string, mid: string): void {
    if (this.#held === undefined) this.#pass(candidate, mid);
    else if (this.#held.length < CANDIDATES_MAX) this.#held.push({ candidate, mid });
  }

  /** Those that wait, and from now on each at once. May be called again. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { candidate, mid } of held) this.#pass(candidate, mid);
  }
}

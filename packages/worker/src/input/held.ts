/** Who holds which keys or buttons down. One that two viewers hold is let go by the last of them. */
export class Held {
  readonly #holders = new Map<number, Set<number>>();

  /** True if the key goes down now: nobody held it before. */
  press(viewer: number, code: number): boolean {
    const holders = this.#holders.get(code);
    if (holders === undefined) {
      this.#holders.set(code, new Set([viewer]));
      return true;
    }
    holders.add(viewer);
    return false;
  }

  /** True if the key comes up now: this viewer held it, and nobody else does. */
  release(viewer: number, code: number): boolean {
    const holders = this.#holders.get(code);
    if (holders === undefined || !holders.delete(viewer) || holders.size > 0) return false;
    this.#holders.delete(code);
    return true;
  }

  /** Lets go of everything that this viewer holds, and tells which ones come up by that. */
  releaseAll(viewer: number): readonly number[] {
    return [...this.#holders.keys()].filter((code) => this.release(viewer, code));
  }

  /** Everything that anybody holds. */
  get codes(): readonly number[] {
    return [...this.#holders.keys()];
  }
}

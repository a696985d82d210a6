/** Claim ids run from 1 to here; 0 means "no claim" and 65,535 is never given (usb-wire §8). */
const LAST = 0xfffe;

/** Counts up and around, past ids that are still in use (usb-field §7, row 16): there are far more ids than claims. */
export class ClaimIds {
  #last = 0;

  next(isInUse: (id: number) => boolean): number {
    do {
      this.#last = this.#last >= LAST ? 1 : this.#last + 1;
    } while (isInUse(this.#last));
    return this.#last;
  }
}

/** A notch of a wheel in the protocol's unit. */
const NOTCH = 120;
/** Most notches that one event turns: more is a mistake or an attack, and each is two X requests. */
const NOTCHES_MAX = 50;

/** Gathers fine scrolling until it makes whole notches, which is all that X's wheel buttons know. */
export class Wheel {
  #rest = 0;

  /** Whole notches that `amount` (in 120ths) completes; negative is up or left. A change of direction starts from nothing. */
  turn(amount: number): number {
    if (Math.sign(amount) === -Math.sign(this.#rest)) this.#rest = 0;
    const total = this.#rest + amount;
    const notches = Math.trunc(total / NOTCH);
    this.#rest = total - notches * NOTCH;
    return Math.min(Math.max(notches, -NOTCHES_MAX), NOTCHES_MAX);
  }
}

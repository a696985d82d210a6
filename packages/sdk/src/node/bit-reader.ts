/** Reads bits front to back. Past the end it gives zeros and sets `overrun`, which the caller checks once. */
export class BitReader {
  overrun = false;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Up to 32 bits, the first one highest. */
  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) value = value * 2 + this.#bit();
    return value;
  }

  /** An unsigned Exp-Golomb number (H.264 §9.1). */
  exponential(): number {
    let zeros = 0;
    while (this.#bit() === 0) {
      zeros += 1;
      if (zeros > 31) {
        this.overrun = true; // no field of a parameter set is that large
        return 0;
      }
    }
    return 2 ** zeros - 1 + this.read(zeros);
  }

  #bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) {
      this.overrun = true;
      return 0;
    }
    const bit = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return bit;
  }
}

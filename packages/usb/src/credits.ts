/** Frames that may be outstanding per claim and direction (U1.6). Both ends assume it; nothing on the wire announces it. */
export const CREDIT_WINDOW = 16;

/** What is left of a window. It never goes below zero, nor above what one end can have been granted. */
export class Credits {
  readonly #window: number;
  #left: number;

  constructor(window: number = CREDIT_WINDOW) {
    this.#window = window;
    this.#left = window;
  }

  get left(): number {
    return this.#left;
  }

  /** Takes one; false where none is left, and then nothing may be sent or executed. */
  take(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  /** Adds a grant. What exceeds the window is dropped: a peer can't talk the other into more (usb-field §7, row 9). */
  give(count = 1): void {
    this.#left = Math.min(this.#window, this.#left + count);
  }
}

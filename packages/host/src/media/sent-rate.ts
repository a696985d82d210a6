/** Long enough to hold several pictures of a slow stream, short enough to follow an estimate that doubles in a second. */
const WINDOW_US = 500_000;
const SLOTS = 10;
const SLOT_US = WINDOW_US / SLOTS;

/** How much was sent in the last half second. */
export class SentRate {
  readonly #slots = new Array<number>(SLOTS).fill(0);
  #slot: number;

  constructor(nowUs: number) {
    this.#slot = Math.floor(nowUs / SLOT_US);
  }

  add(bytes: number, nowUs: number): void {
    this.#advance(nowUs);
    this.#slots[this.#slot % SLOTS] = (this.#slots[this.#slot % SLOTS] ?? 0) + bytes;
  }

  kbps(nowUs: number): number {
    this.#advance(nowUs);
    return (this.#slots.reduce((sum, bytes) => sum + bytes, 0) * 8) / (WINDOW_US / 1000);
  }

  #advance(nowUs: number): void {
    const slot = Math.floor(nowUs / SLOT_US);
    for (let steps = Math.min(SLOTS, slot - this.#slot); steps > 0; steps -= 1) this.#slots[(slot - steps + 1) % SLOTS] = 0;
    this.#slot = Math.max(this.#slot, slot);
  }
}

import type { Clock } from '../clock.ts';

/** Wrong tokens of one address within a minute, after which it waits (facts/usb-wire.md §15.1). */
const MAX_FAILURES = 8;
const WINDOW_MS = 60_000;
/** Addresses that are remembered. A flood from more forgets the oldest: what it guesses has 256 bits. */
const MAX_ADDRESSES = 1024;

/** Counts wrong tokens by address. Right tokens and missing ones don't count, nor does a console cookie that has expired. */
export class FailedTokens {
  readonly #clock: Clock;
  /** Times of the failures, oldest first; addresses in the order of their last failure. */
  readonly #failures = new Map<string, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(address: string): void {
    const recent = [...this.#recent(address), this.#clock.now()].slice(-MAX_FAILURES);
    this.#failures.delete(address);
    this.#failures.set(address, recent);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Whole seconds until the address may try a token again; 0 where it may now. */
  waitSeconds(address: string): number {
    const recent = this.#recent(address);
    const [oldest] = recent;
    if (recent.length < MAX_FAILURES || oldest === undefined) return 0;
    return Math.ceil((oldest + WINDOW_MS - this.#clock.now()) / 1000);
  }

  #recent(address: string): readonly number[] {
    return (this.#failures.get(address) ?? []).filter((time) => time + WINDOW_MS > this.#clock.now());
  }
}

import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';

/** A working day: then the console asks for the token again. */
export const CONSOLE_SESSION_SECONDS = 12 * 60 * 60;
/** Browsers of one operator; one more ends the oldest. */
const MAX_SESSIONS = 32;

/** Who is signed in to the console. In memory only: a restart signs everybody out. */
export class ConsoleSessions {
  readonly #clock: Clock;
  /** Digest of the cookie → when it ends; a dump of the memory holds no cookie, and a look-up's time tells nothing. Oldest first. */
  readonly #ends = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Signs a browser in and returns its cookie's value: 64 hex digits. */
  open(): string {
    for (const [digest, end] of this.#ends) if (end <= this.#clock.now() || this.#ends.size >= MAX_SESSIONS) this.#ends.delete(digest);
    const value = randomBytes(32).toString('hex');
    this.#ends.set(digestOf(value), this.#clock.now() + CONSOLE_SESSION_SECONDS * 1000);
    return value;
  }

  has(value: string): boolean {
    return (this.#ends.get(digestOf(value)) ?? 0) > this.#clock.now();
  }

  close(value: string): void {
    this.#ends.delete(digestOf(value));
  }
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

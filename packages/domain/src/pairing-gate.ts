/** How long an armed PIN waits (control-wire §3.1). */
export const PIN_LIFETIME_MS = 120_000;
/** Least time between two ceremonies, whoever asks (control-wire §1.7). */
export const CEREMONY_SPACING_MS = 2_000;

/** What a device that wants to pair meets. */
export type PairingAttempt<Result> =
  | { readonly outcome: 'begun'; readonly result: Result }
  | { readonly outcome: 'not-armed' }
  | { readonly outcome: 'cooling-down'; readonly waitMs: number };

/**
 * The armed PIN and its single guess (requirement P9.1, control-wire §3.1). Times are milliseconds of any clock that doesn't go back.
 * One gate serves the whole host: a second device can't buy a second guess.
 */
export class PairingGate {
  #armed: { readonly pin: string; readonly expiresMs: number } | undefined;
  #lastCeremonyMs = Number.NEGATIVE_INFINITY;

  /** A new PIN replaces the one before. Returns when it expires. */
  arm(pin: string, nowMs: number): number {
    const expiresMs = nowMs + PIN_LIFETIME_MS;
    this.#armed = { pin, expiresMs };
    return expiresMs;
  }

  disarm(): void {
    this.#armed = undefined;
  }

  isArmed(nowMs: number): boolean {
    return this.#armed !== undefined && nowMs < this.#armed.expiresMs;
  }

  /**
   * Lets one ceremony begin. `answer` makes the challenge from the PIN; with its return the guess is spent and the PIN disarmed.
   * Where it throws, the request was malformed: no challenge goes out, so nobody learned anything and the PIN stays armed.
   */
  attempt<Result>(nowMs: number, answer: (pin: string) => Result): PairingAttempt<Result> {
    const waitMs = this.#lastCeremonyMs + CEREMONY_SPACING_MS - nowMs;
    if (waitMs > 0) return { outcome: 'cooling-down', waitMs };
    if (this.#armed === undefined || !this.isArmed(nowMs)) return { outcome: 'not-armed' };
    const result = answer(this.#armed.pin);
    this.#armed = undefined;
    this.#lastCeremonyMs = nowMs;
    return { outcome: 'begun', result };
  }
}

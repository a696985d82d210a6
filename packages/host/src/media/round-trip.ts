import { compactNtp } from './media-clock.ts';

/** A longer round trip is a wrong report. */
const MAX_RTT_MS = 10_000;

/** The round trip as receiver reports tell it: now − when our report was sent − how long the viewer held it (RFC 3550 §6.4.1). */
export class RoundTrip {
  #smoothedMs: number | undefined;

  /** Smoothed as TCP does it (RFC 6298: one eighth of the new value); undefined until measured. */
  get ms(): number | undefined {
    return this.#smoothedMs;
  }

  /** Takes a report's times, in 1/65536 s, and answers the round trip that they tell; undefined where they tell none. */
  measure(report: { readonly lastReport: number; readonly sinceLastReport: number }, nowUs: number): number | undefined {
    // No report of ours had reached the viewer yet.
    if (report.lastReport === 0) return undefined;
    const units = (compactNtp(nowUs) - report.lastReport - report.sinceLastReport) | 0;
    const ms = (Math.max(0, units) / 65_536) * 1000;
    // Clocks that tick differently make a short round trip slightly negative; a large difference is nonsense.
    if (ms > MAX_RTT_MS || units < -6554) return undefined;
    this.#smoothedMs = this.#smoothedMs === undefined ? ms : this.#smoothedMs + (ms - this.#smoothedMs) / 8;
    return ms;
  }
}

import { type Clock, systemClock } from '../clock.ts';

/** Time for the media path, as an argument. */
export interface MediaClock extends Pick<Clock, 'after'> {
  /** Microseconds of CLOCK_MONOTONIC: the clock in which workers time their units, so that both can be compared. */
  nowUs(): number;
}

export const monotonicClock: MediaClock = { nowUs: () => Number(process.hrtime.bigint() / 1000n), after: systemClock.after };

/**
 * A time as RTCP writes it: 32 bits of seconds, 32 of fraction (RFC 3550 §4). RTCP only compares such times with each other, so the
 * uptime serves as well as the wall clock and never jumps.
 */
export function ntpTime(us: number): { readonly seconds: number; readonly fraction: number } {
  const seconds = Math.floor(us / 1e6);
  const fraction = Math.floor(((us - seconds * 1e6) / 1e6) * 2 ** 32);
  return { seconds: seconds >>> 0, fraction: fraction >>> 0 };
}

/** The middle 32 bits of {@link ntpTime}, in units of 1/65536 s: what a receiver report echoes. */
export function compactNtp(us: number): number {
  const { seconds, fraction } = ntpTime(us);
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}

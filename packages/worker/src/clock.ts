/** Microseconds of CLOCK_MONOTONIC, which host and worker share. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

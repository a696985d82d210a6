/** Time as an argument, so that tests have their own. */
export interface Clock {
  /** Microseconds that only ever grow. */
  nowUs(): number;
  /** Runs `action` once, when `delayUs` have passed, unless the function returned is called before. */
  after(delayUs: number, action: () => void): () => void;
}

/** CLOCK_MONOTONIC, which host and worker share; timers are accurate to a millisecond. */
export const systemClock: Clock = {
  nowUs: () => Number(process.hrtime.bigint() / 1000n),
  after: (delayUs, action) => {
    const timer = setTimeout(action, delayUs / 1000);
    return () => clearTimeout(timer);
  },
};

/** Time as an argument: what waits or expires asks this, so tests decide when a second has passed. */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes backwards. */
  now(): number;
  /** Runs `task` once after `milliseconds`; the function returned calls it off. */
  after(milliseconds: number, task: () => void): () => void;
}

/** The platform's timers, around a source of monotonic milliseconds such as `performance.now`. */
export function platformClock(now: () => number): Clock {
  return {
    now,
    after(milliseconds, task) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}

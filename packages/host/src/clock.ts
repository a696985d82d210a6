/** Time as an argument: tests hand in a clock that they turn themselves. */
export interface Clock {
  /** Milliseconds since some moment; never goes back, whatever happens to the wall clock. */
  now(): number;
  /** Whole Unix seconds, for people to read, and for what must outlive the process: the counts of failed passcodes. */
  unix(): number;
  /** Calls once after that many milliseconds, unless the function that it returns is called before. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  unix: () => Math.floor(Date.now() / 1000),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    timer.unref(); // what keeps the host running is its listening socket, never a wait
    return () => clearTimeout(timer);
  },
};

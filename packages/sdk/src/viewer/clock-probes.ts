import { type ClockEcho, CodedError } from '@usher/protocol';

const ECHO_MS = 5_000;
/** Probes under way; an overlay sends one a second, so more than a few means that no echo comes. */
const PROBES_MAX = 8;

interface Probe {
  readonly timer: ReturnType<typeof setTimeout>;
  resolve(milliseconds: number): void;
  reject(error: Error): void;
}

/** Round trips over `control`: the time between probe and echo, less what the host took to answer. */
export class ClockProbes {
  readonly #send: (t1: bigint) => void;
  readonly #now: () => bigint;
  readonly #probes = new Map<bigint, Probe>();
  #closed: Error | undefined;

  /** `now` is a monotonic clock in nanoseconds. */
  constructor(send: (t1: bigint) => void, now: () => bigint = monotonicNanoseconds) {
    this.#send = send;
    this.#now = now;
  }

  /** Milliseconds of one round trip. */
  probe(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(this.#closed);
      if (this.#probes.size >= PROBES_MAX) return reject(late());
      let t1 = this.#now();
      while (this.#probes.has(t1)) t1 += 1n; // browsers round their clock; the time is the probe's name
      const timer = setTimeout(() => this.#take(t1)?.reject(late()), ECHO_MS);
      this.#probes.set(t1, { timer, resolve, reject });
      this.#send(t1);
    });
  }

  /** An echo of no probe of ours (or one that came too late) is ignored. */
  echoed(echo: ClockEcho): void {
    const elapsed = this.#now() - echo.t1 - (echo.t3 - echo.t2);
    this.#take(echo.t1)?.resolve(Math.max(0, Number(elapsed) / 1e6));
  }

  close(error: Error): void {
    this.#closed = error;
    for (const t1 of [...this.#probes.keys()]) this.#take(t1)?.reject(error);
  }

  #take(t1: bigint): Probe | undefined {
    const probe = this.#probes.get(t1);
    this.#probes.delete(t1);
    clearTimeout(probe?.timer);
    return probe;
  }
}

function monotonicNanoseconds(): bigint {
  return BigInt(Math.round(performance.now() * 1e6));
}

function late(): CodedError {
  return new CodedError('session.handshake-timeout', 'the host does not answer clock probes');
}

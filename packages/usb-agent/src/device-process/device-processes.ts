import type { ChildProcess } from 'node:child_process';
import type { Clock } from '@usher/usb';

/** Kept for the next devices: as many as one viewer may hold at a time (U1.11), and the one that is always ready. Each is some 50 MB resident. */
const KEPT_MAX = 5;
/** How long more than one are kept after the last device was given back. */
const REST_MS = 60_000;

/**
 * The processes that have no device now. Starting one takes longer than opening a device, on a slow machine by far; so whoever opens and closes
 * devices all the time must not start one for each.
 */
export class DeviceProcesses {
  readonly #start: () => ChildProcess;
  /** The one that was used last is the first to be taken. */
  readonly #idle: ChildProcess[] = [];
  readonly #clock: Clock;
  #stopRest: () => void = () => undefined;

  constructor(start: () => ChildProcess, clock: Clock) {
    this.#start = start;
    this.#clock = clock;
  }

  take(): ChildProcess {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.exitCode === null && idle.signalCode === null) return idle;
    }
    return this.#start();
  }

  /** Has one ready for the next device. */
  stock(): void {
    if (this.#idle.length === 0) this.#idle.push(this.#start());
  }

  /** Its device is closed, and it can have another. */
  giveBack(free: ChildProcess): void {
    if (this.#idle.length < KEPT_MAX) this.#idle.push(free);
    else retire(free);
    this.#stopRest();
    this.#stopRest = this.#clock.after(REST_MS, () => this.#idle.splice(0, this.#idle.length - 1).forEach(retire));
  }

  end(): void {
    this.#stopRest();
    for (const idle of this.#idle.splice(0)) idle.kill('SIGKILL');
  }
}

/** It ends at the end of its input. */
function retire(process: ChildProcess): void {
  process.stdin?.end();
}

import { decodeToAgent, encodeFromAgent, type FromAgent, type ToAgent } from '@usher/protocol';
import type { Child, ChildEvents, StartChild } from '../src/processes/child.ts';

/** Starts children in memory and keeps them, oldest first. */
export class FakeChildren {
  readonly started: FakeChild[] = [];

  readonly start: StartChild = (events) => {
    const child = new FakeChild(events);
    this.started.push(child);
    return child;
  };

  get latest(): FakeChild {
    const child = this.started.at(-1);
    if (child === undefined) throw new RangeError('no child was started');
    return child;
  }
}

/** A child process in memory: it keeps what it was sent, and says what the test lets it say. */
export class FakeChild implements Child {
  readonly received: Uint8Array[] = [];
  /** What `queuedBytes` answers: a test sets it to play a child that doesn't read. */
  queued = 0;
  /** Off: messages stay under way, and nobody is told that they were written. */
  reads = true;
  /** Off: `stop` waits for the test's `end`. */
  stopsAtOnce = true;
  stopped = false;
  killed = false;
  readonly #events: ChildEvents;
  readonly #onceEnded: (() => void)[] = [];
  #ended = false;
  /** Its end was told; until then what it said before is still heard, as from a pipe. */
  #told = false;

  constructor(events: ChildEvents) {
    this.#events = events;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  send(message: Uint8Array, written?: () => void): void {
    if (this.#ended) return;
    this.received.push(message.slice());
    if (this.reads) queueMicrotask(() => written?.());
  }

  queuedBytes(): number {
    return this.queued;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.#ended) return;
    const ended = new Promise<void>((resolve) => this.#onceEnded.push(resolve));
    if (this.stopsAtOnce) this.end('it was told to end');
    await ended;
  }

  kill(): void {
    this.killed = true;
    this.end('it was ended by SIGKILL');
  }

  say(message: Uint8Array): void {
    queueMicrotask(() => {
      if (!this.#told) this.#events.message(message);
    });
  }

  end(problem = 'it was ended by SIGKILL'): void {
    if (this.#ended) return;
    this.#ended = true;
    queueMicrotask(() => {
      this.#told = true;
      this.#events.ended(problem);
      for (const resolve of this.#onceEnded) resolve();
    });
  }

  /** The same, for a child that is a usb-agent. */
  sayAsAgent(message: FromAgent): void {
    this.say(encodeFromAgent(message));
  }

  heardAsAgent(): readonly ToAgent[] {
    return this.received.map(decodeToAgent);
  }
}

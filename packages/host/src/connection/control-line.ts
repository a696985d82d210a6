import { CodedError, type CursorShape, encodeCursorShape } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { PeerChannel } from '../webrtc/peer.ts';

/** Largest message of a viewer: Hello with every field filled has 350 bytes. */
const VIEWER_MESSAGE_MAX = 1024;
/** Messages that wait for their answer; a viewer sends a handful before Welcome, and each is answered as it comes afterwards. */
const INBOX_MAX = 32;
/** Bytes that a viewer may leave unread: four of the largest cursor pictures. */
const UNREAD_MAX = 256 * 1024;
/** A viewer whose unread bytes stay above that for this long has stopped reading. */
const SLOW_AFTER_MS = 5_000;
/** Within that time, how often a cursor picture that waits tries again. */
const RETRY_MS = 250;
/** For the goodbye: the viewer closes once it has read it; one that doesn't is closed after this. */
const GOODBYE_MS = 1_000;

/** The host's end of `control`: whole messages both ways, bounded both ways. */
export class ControlLine {
  readonly #channel: PeerChannel;
  readonly #clock: Clock;
  readonly #onProblem: (problem: CodedError) => void;
  readonly #inbox: Uint8Array[] = [];
  readonly #onceClosed: (() => void)[] = [];
  #reader: ((message: Uint8Array) => void) | undefined;
  /** Set while nothing may be said to the host. */
  #quiet = false;
  #cursor: CursorShape | undefined;
  #slowSinceMs: number | undefined;
  #cancelRetry = (): void => {};
  #closed = false;
  /** The goodbye was said. */
  #isOver = false;

  /** Call inside the `onChannel` listener. `onProblem`: noise, too much at once, or a viewer that doesn't read. */
  constructor(channel: PeerChannel, clock: Clock, onProblem: (problem: CodedError) => void) {
    this.#channel = channel;
    this.#clock = clock;
    this.#onProblem = onProblem;
    channel.onMessage((message) => this.#arrived(message));
    channel.onClosed(() => this.#close());
  }

  /** The viewer's next message; after the goodbye there is none. Never rejects: what ends a connection ends the story around it. */
  next(): Promise<Uint8Array> {
    return new Promise((resolve) => {
      if (this.#isOver) return;
      const waiting = this.#inbox.shift();
      if (waiting === undefined) this.#reader = resolve;
      else resolve(waiting);
    });
  }

  /** While `promise` is pending there is nothing that the viewer could say; a message then is `message.unexpected`. */
  async quietly<T>(promise: Promise<T>): Promise<T> {
    if (this.#inbox.length > 0) throw unexpected();
    this.#quiet = true;
    try {
      return await promise;
    } finally {
      this.#quiet = false;
    }
  }

  send(message: Uint8Array): void {
    if (this.#closed || this.#isOver) return;
    this.#channel.send(message);
    this.#watch();
  }

  /** Only the newest picture of the cursor counts: while the viewer is behind, the others are left out. */
  showCursor(cursor: CursorShape): void {
    this.#cursor = cursor;
    this.#watch();
  }

  /** The last message: resolves once the viewer has read it and closed, or hasn't within {@link GOODBYE_MS}. */
  async sayGoodbye(message: Uint8Array): Promise<void> {
    this.#isOver = true;
    this.#inbox.length = 0;
    this.#cursor = undefined;
    this.#cancelRetry();
    if (this.#closed || !this.#channel.send(message)) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(GOODBYE_MS, resolve);
      this.#onceClosed.push(() => {
        cancel();
        resolve();
      });
    });
  }

  #arrived(message: Uint8Array): void {
    if (this.#isOver) return;
    if (message.length > VIEWER_MESSAGE_MAX) {
      this.#onProblem(new CodedError('frame.oversized', `a viewer's message has at most ${VIEWER_MESSAGE_MAX} bytes`));
    } else if (this.#quiet || this.#inbox.length >= INBOX_MAX) this.#onProblem(unexpected());
    else if (this.#reader === undefined) this.#inbox.push(message);
    else {
      const read = this.#reader;
      this.#reader = undefined;
      read(message);
    }
  }

  /** Sends the cursor that waits, if the viewer has room for it; otherwise sees whether it has been behind for too long. */
  #watch(): void {
    this.#cancelRetry();
    if (this.#closed || this.#isOver) return;
    const now = this.#clock.now();
    if (this.#channel.bufferedAmount() <= UNREAD_MAX) {
      this.#slowSinceMs = undefined;
      const cursor = this.#cursor;
      this.#cursor = undefined;
      if (cursor !== undefined) this.#channel.send(encodeCursorShape(cursor));
      if (this.#channel.bufferedAmount() <= UNREAD_MAX) return;
    }
    this.#slowSinceMs ??= now;
    if (now - this.#slowSinceMs >= SLOW_AFTER_MS) {
      this.#onProblem(new CodedError('session.viewer-too-slow', 'the viewer does not read what the host says'));
    } else this.#cancelRetry = this.#clock.after(RETRY_MS, () => this.#watch());
  }

  #close(): void {
    this.#closed = true;
    this.#cancelRetry();
    for (const resolve of this.#onceClosed.splice(0)) resolve();
  }
}

function unexpected(): CodedError {
  return new CodedError('message.unexpected', 'the viewer says more than it was asked');
}

import type { Socket } from 'node:net';
import { CodedError, EnvelopeDecoder, type Fingerprint, isCoded, MAX_RELAY_MESSAGE, toWire } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Child, ChildEvents, StartChild } from '../processes/child.ts';
import { writeEnvelope } from '../processes/write-envelope.ts';
import type { Accounts } from './accounts.ts';
import type { Person } from './person.ts';

/** A worker whose host has gone ends within two seconds (rule W7); then the broker ends it. */
const ENDS_WITHIN_MS = 2_000;
/** Messages that may wait until the worker has spoken: a sensible host has one for it, `start`. */
const WAITING_MAX = 8;

export interface SessionConnectionOptions {
  readonly accounts: Accounts;
  readonly clock: Clock;
}

/** Opens a person's desktop for a device: what a child process is to the operator's desktop, a connection of the broker's is to it. */
export function personStarter({ accounts, clock }: SessionConnectionOptions): (person: Person, device: Fingerprint) => StartChild {
  return (person, device) => (events) => new SessionConnection(accounts, clock, person, device, events);
}

/** A worker in another account, over the connection that opened it (rule B6). */
class SessionConnection implements Child {
  readonly #accounts: Accounts;
  readonly #clock: Clock;
  readonly #person: Person;
  readonly #events: ChildEvents;
  readonly #opening = new AbortController();
  readonly #decoder = new EnvelopeDecoder(MAX_RELAY_MESSAGE);
  readonly #waiting: Uint8Array[] = [];
  readonly #onceEnded: (() => void)[] = [];
  #socket: Socket | undefined;
  #problem: string | undefined;
  #ended = false;

  constructor(accounts: Accounts, clock: Clock, person: Person, device: Fingerprint, events: ChildEvents) {
    this.#accounts = accounts;
    this.#clock = clock;
    this.#person = person;
    this.#events = events;
    void this.#open(device);
  }

  send(message: Uint8Array, written?: () => void): void {
    if (this.#ended) return;
    if (this.#socket !== undefined) writeEnvelope(this.#socket, message, written);
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(message);
    else this.#giveUp('more was said to it than it can hear');
  }

  queuedBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  async stop(): Promise<void> {
    if (!this.#ended) {
      this.#problem ??= 'it was told to end';
      const ended = new Promise<void>((resolve) => this.#onceEnded.push(resolve));
      this.#opening.abort();
      this.#socket?.end();
      const cancel = this.#clock.after(ENDS_WITHIN_MS, () => this.kill());
      await ended;
      cancel();
    }
    await this.#accounts.close(this.#person.id);
  }

  kill(): void {
    if (this.#ended) return;
    this.#opening.abort();
    this.#socket?.destroy();
    void this.#accounts.close(this.#person.id);
  }

  async #open(device: Fingerprint): Promise<void> {
    try {
      const { socket, first } = await this.#accounts.open(this.#person, device, this.#opening.signal);
      this.#attach(socket, first);
    } catch (error) {
      this.#end(toWire(error).message, isCoded(error) ? error : new CodedError('internal', 'internal error', { cause: error }));
    }
  }

  #attach(socket: Socket, first: Uint8Array): void {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('close', () => this.#end('it ended'));
    for (const message of this.#waiting.splice(0)) writeEnvelope(socket, message);
    this.#read(first);
    socket.resume();
  }

  #read(chunk: Uint8Array): void {
    if (this.#ended || this.#problem !== undefined) return;
    try {
      for (const message of this.#decoder.push(chunk)) this.#events.message(message);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#giveUp(`it sent noise: ${error.message}`);
    }
  }

  #giveUp(problem: string): void {
    this.#problem ??= problem;
    this.kill();
  }

  #end(problem: string, reason?: CodedError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.ended(this.#problem ?? problem, reason);
    for (const resolve of this.#onceEnded) resolve();
  }
}

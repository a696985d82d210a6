import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type CodedError, EnvelopeDecoder, isCoded } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { forwardLog } from './forward-log.ts';
import { writeEnvelope } from './write-envelope.ts';

/** A child that was told to end by the end of its stdin gets this long; its own promise is 2 s (each process's README). */
const ENDS_WITHIN_MS = 2_000;
/** A process that left the child's group may hold its pipes open for good; the child has ended all the same. */
const DRAINS_WITHIN_MS = 500;

/** What a child process is to its supervisor: whole messages both ways, and an end. */
export interface Child {
  /** Hands a message to the child's stdin. `written` is called once it has left this process, or never where the child ends before. */
  send(message: Uint8Array, written?: () => void): void;
  /** Bytes that the child hasn't taken yet. The caller bounds it. */
  queuedBytes(): number;
  /** Ends stdin, waits, then kills what is left of the child and of what it started. Resolves once it has ended; safe to call twice. */
  stop(): Promise<void>;
  /** Ends it at once: it has broken the protocol. */
  kill(): void;
}

export interface ChildEvents {
  message(message: Uint8Array): void;
  /**
   * Called once, whatever the reason. Nothing is called after it. `problem` is for the log and the operator; `refusal` is why it was never
   * started, where whoever waits for it is to be told more than that it ended.
   */
  ended(problem: string, refusal?: CodedError): void;
}

/** Starts a child and speaks envelopes with it. Never throws, and calls nothing before it has returned: a program that can't be started has `ended`. */
export type StartChild = (events: ChildEvents) => Child;

export interface ChildOptions {
  /** The word that stands for it in the log. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Variables of this process that only this child may know, besides those that every child does. */
  readonly inherits?: readonly string[];
  /** Largest message that it may send; a longer one ends it. */
  readonly maxMessage: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export function childStarter(options: ChildOptions): StartChild {
  return (events) => new EnvelopedChild(options, events);
}

class EnvelopedChild implements Child {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #events: ChildEvents;
  readonly #clock: Clock;
  readonly #decoder: EnvelopeDecoder;
  readonly #onceEnded: (() => void)[] = [];
  #problem: string | undefined;
  #ended = false;

  constructor({ name, command: [program, ...args], inherits = [], maxMessage, clock, log }: ChildOptions, events: ChildEvents) {
    this.#events = events;
    this.#clock = clock;
    this.#decoder = new EnvelopeDecoder(maxMessage);
    // A group of its own: a Ctrl-C in the terminal reaches the host alone, and what the child started can be ended with it.
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: childEnvironment(process.env, inherits), detached: true });
    this.#process.stdin.on('error', () => {}); // EPIPE of a child that is ending; its end is told by 'exit'
    this.#process.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    forwardLog(this.#process.stderr, name, clock, log);
    this.#process.once('error', (error) => this.#end(`it could not be started: ${error.message}`));
    this.#process.once('exit', (code, signal) =>
      this.#exited(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
    );
  }

  send(message: Uint8Array, written?: () => void): void {
    const stdin = this.#process.stdin;
    if (this.#ended || !stdin.writable) return;
    writeEnvelope(stdin, message, written);
  }

  queuedBytes(): number {
    return this.#process.stdin.writableLength;
  }

  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#problem ??= 'it was told to end';
    const ended = new Promise<void>((resolve) => this.#onceEnded.push(resolve));
    this.#process.stdin.end();
    const cancel = this.#clock.after(ENDS_WITHIN_MS, () => this.kill());
    await ended;
    cancel();
  }

  kill(): void {
    if (!this.#ended) this.#killGroup();
  }

  #read(chunk: Buffer): void {
    if (this.#ended || this.#problem !== undefined) return;
    try {
      for (const message of this.#decoder.push(chunk)) this.#events.message(message);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#problem = `it sent noise: ${error.message}`;
      this.kill();
    }
  }

  /** The last messages that it wrote come before its end: 'close' follows 'exit' once the pipes are empty. */
  #exited(problem: string): void {
    this.#killGroup();
    const cancel = this.#clock.after(DRAINS_WITHIN_MS, () => this.#end(problem));
    this.#process.once('close', () => {
      cancel();
      this.#end(problem);
    });
  }

  /** The group outlives its leader where a crashed child left something running; an empty group is ESRCH. */
  #killGroup(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // nothing of it is left
    }
  }

  #end(problem: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.ended(this.#problem ?? problem);
    for (const resolve of this.#onceEnded) resolve();
  }
}

/** What a child may know of the operator's environment: where it is, its language, its display. No token, no options of this process. */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|PULSE_SERVER|USHER_LOG)$/;

function childEnvironment(environment: NodeJS.ProcessEnv, also: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => INHERITED.test(name) || also.includes(name)));
}

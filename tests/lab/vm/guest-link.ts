import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { EnvelopeDecoder, envelope } from '@usher/protocol';
import { connectSoon } from './connect.ts';
import {
  decodeFromGuest,
  encodeToGuest,
  type FromGuest,
  type GuestProgram,
  MAX_GUEST_MESSAGE,
  type ToGuest,
} from './guest/guest-messages.ts';

/** Input travels in pieces of this size. */
const PIECE = 256 * 1024;
/** What is kept of a program's complaints, to be told where a test fails. */
const COMPLAINTS_MAX = 64 * 1024;

interface GuestProcessEvents {
  output: [Uint8Array];
}

/** A program that runs in the guest. */
export class GuestProcess extends EventEmitter<GuestProcessEvents> {
  readonly #number: number;
  readonly #say: (message: ToGuest) => void;
  readonly #ended: Promise<number | string>;
  #end: (how: number | string) => void = () => undefined;
  #running = true;
  #complaints = '';

  constructor(number: number, say: (message: ToGuest) => void) {
    super();
    this.#number = number;
    this.#say = say;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Its exit status, or the signal that ended it. */
  get ended(): Promise<number | string> {
    return this.#ended;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** What it has written to standard error, the end of it. */
  get complaints(): string {
    return this.#complaints;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE) {
      this.#say({ type: 'input', process: this.#number, bytes: bytes.subarray(at, at + PIECE) });
    }
  }

  endInput(): void {
    this.#say({ type: 'end-input', process: this.#number });
  }

  /** To the program and what it has started in its group. */
  signal(signal: NodeJS.Signals): void {
    this.#say({ type: 'signal', process: this.#number, signal });
  }

  /** Ends it at once, where it hasn't ended yet. */
  async kill(): Promise<void> {
    if (this.#running) this.signal('SIGKILL');
    await this.#ended;
  }

  /** The link's word. */
  take(message: Extract<FromGuest, { process: number }>): void {
    switch (message.type) {
      case 'output':
        this.emit('output', message.bytes);
        return;
      case 'complaint':
        this.#complaints = (this.#complaints + Buffer.from(message.bytes).toString()).slice(-COMPLAINTS_MAX);
        return;
      case 'exit':
        this.#running = false;
        this.#end(message.signal ?? message.code ?? -1);
        return;
    }
  }

  /** The machine is gone, and this with it. */
  lost(): void {
    this.#running = false;
    this.#end('the machine ended');
  }
}

/** The lab's end of the guest's agent. */
export class GuestLink {
  readonly #socket: Socket;
  readonly #processes = new Map<number, GuestProcess>();
  readonly #events = new EventEmitter<{ ready: []; pong: [] }>();
  #lastProcess = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const decoder = new EnvelopeDecoder(MAX_GUEST_MESSAGE);
    socket.on('data', (chunk: Uint8Array) => {
      for (const message of decoder.push(chunk)) this.#take(decodeFromGuest(message));
    });
    socket.on('error', () => undefined); // told by 'close'
    socket.once('close', () => {
      for (const process of this.#processes.values()) process.lost();
    });
  }

  static async connect(path: string): Promise<GuestLink> {
    return new GuestLink(await connectSoon(path));
  }

  /** Once a boot, when the guest has started its agent. */
  async ready(): Promise<void> {
    await once(this.#events, 'ready');
  }

  async ping(): Promise<void> {
    const answer = once(this.#events, 'pong');
    this.#say({ type: 'ping' });
    await answer;
  }

  start(program: GuestProgram): GuestProcess {
    this.#lastProcess += 1;
    const number = this.#lastProcess;
    const process = new GuestProcess(number, (message) => this.#say(message));
    this.#processes.set(number, process);
    void process.ended.then(() => this.#processes.delete(number));
    this.#say({ type: 'start', process: number, program });
    return process;
  }

  close(): void {
    this.#socket.destroy();
  }

  #say(message: ToGuest): void {
    if (this.#socket.writable) this.#socket.write(envelope(encodeToGuest(message)));
  }

  #take(message: FromGuest): void {
    if (message.type === 'ready' || message.type === 'pong') this.#events.emit(message.type);
    else this.#processes.get(message.process)?.take(message);
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  decodeWorkerMessage,
  EnvelopeDecoder,
  encodeHostMessage,
  envelope,
  type HostMessage,
  MAX_RELAY_MESSAGE,
  type Mode,
  type WorkerMessage,
} from '@usher/protocol';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** Longest time for one thing to happen on two slow cores that also run other tests. */
const PATIENCE_MS = 45_000;
/** Messages that are kept for a later `waitFor`. */
const KEPT_MAX = 5000;

type MessageOf<T extends WorkerMessage['type']> = Extract<WorkerMessage, { type: T }>;

/** A real worker, started from its source, with the host's end of its relay. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #kept: WorkerMessage[] = [];
  readonly #waiting = new Set<() => void>();
  #closed = false;
  /** Resolves with the exit status, or the signal. */
  readonly ended: Promise<number | string>;
  readonly startedAt = performance.now();
  log = '';

  /** The worker's runtime directory lies in here; nobody else's does. */
  readonly directory = mkdtempSync(join(tmpdir(), 'worker-test-'));

  constructor(environment: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(
      process.execPath,
      ['--conditions=@usher/source', '--import', 'tsx', fileURLToPath(new URL('../src/main.ts', import.meta.url))],
      {
        cwd: REPOSITORY,
        env: { ...process.env, XDG_RUNTIME_DIR: this.directory, XDG_DATA_DIRS: '/nonexistent', ...environment },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const decoder = new EnvelopeDecoder(MAX_RELAY_MESSAGE);
    this.#child.stdout?.on('data', (chunk: Uint8Array) => {
      for (const bytes of decoder.push(chunk)) this.#keep(decodeWorkerMessage(bytes));
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
      this.#wake();
    });
    this.#child.stdin?.on('error', () => undefined); // a worker that ends on purpose closes its end first
    this.ended = new Promise((resolve) => {
      // Not 'exit': what it said last may still be in the pipe then.
      this.#child.once('close', (code, signal) => {
        this.#closed = true;
        this.#wake();
        resolve(signal ?? code ?? -1);
      });
    });
  }

  /** What the worker keeps for itself: cookie, sockets. Undefined when it keeps nothing (any more). */
  get runtimeDir(): string | undefined {
    const name = readdirSync(this.directory).find((entry) => entry.startsWith('usher-'));
    return name === undefined ? undefined : join(this.directory, name);
  }

  /** What a program on the worker's display is given. */
  sessionEnvironment(display: string): Record<string, string> {
    const directory = this.runtimeDir ?? '';
    return { DISPLAY: display, XAUTHORITY: join(directory, 'xauthority'), PULSE_SERVER: `unix:${join(directory, 'pulse')}` };
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  send(message: HostMessage): void {
    this.sendRaw(envelope(encodeHostMessage(message)));
  }

  sendRaw(bytes: Uint8Array): void {
    this.#child.stdin?.write(bytes);
  }

  start(mode: Partial<Mode> = {}, audio = false): void {
    this.send({ type: 'start', mode: { width: 640, height: 480, refreshHz: 60, ...mode }, display: { kind: 'virtual' }, audio });
  }

  /** Takes the first message of this type (kept or to come) that `accept` likes; earlier ones of the type are dropped. */
  async next<T extends WorkerMessage['type']>(type: T, accept: (message: MessageOf<T>) => boolean = () => true): Promise<MessageOf<T>> {
    const isWanted = (message: WorkerMessage): message is MessageOf<T> => message.type === type;
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      for (let index = this.#kept.findIndex(isWanted); index >= 0; index = this.#kept.findIndex(isWanted)) {
        const [message] = this.#kept.splice(index, 1);
        if (message !== undefined && isWanted(message) && accept(message)) return message;
      }
      if (this.#closed) throw new Error(`the worker ended before it said ${type}: ${this.log}`);
      await this.#change(deadline - performance.now(), `${type} did not come: ${this.log}`);
    }
  }

  /** Waits for words in the worker's log. */
  async logs(words: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!this.log.includes(words)) await this.#change(deadline - performance.now(), `"${words}" was not logged: ${this.log}`);
  }

  /** Forgets what has come so far. */
  forget(): void {
    this.#kept.length = 0;
  }

  /** Stops reading, as a host that hangs does. */
  stopReading(): void {
    this.#child.stdout?.pause();
  }

  readAgain(): void {
    this.#child.stdout?.resume();
  }

  closeInput(): void {
    this.#child.stdin?.end();
  }

  /** Ends the worker, if it hasn't ended, and forgets its directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closeInput();
    this.readAgain();
    await this.ended;
    removeDirectorySync(this.directory);
  }

  #keep(message: WorkerMessage): void {
    this.#kept.push(message);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #change(patienceMs: number, complaint: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(wake);
        reject(new Error(complaint));
      }, patienceMs);
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AgentMethod,
  decodeFromAgent,
  EnvelopeDecoder,
  encodeToAgent,
  envelope,
  type FromAgent,
  fingerprint,
  MAX_AGENT_MESSAGE,
  OPERATOR,
  type ToAgent,
} from '@usher/protocol';
import { UsbClient } from '@usher/usb';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** Longest time for one thing to happen on two slow cores that also run other tests. */
const PATIENCE_MS = 15_000;
/** Messages that are kept for a later `waitFor`. */
const KEPT_MAX = 1000;

type MessageOf<Type extends FromAgent['type']> = Extract<FromAgent, { type: Type }>;

/** A real agent, started from its source, with the host's end of its link. */
export class AgentProcess {
  /** The agent's state directory, empty at first. */
  readonly home = mkdtempSync(join(tmpdir(), 'usher-agent-'));
  /** Resolves with the exit status, or the signal. */
  readonly ended: Promise<number | string>;
  log = '';
  readonly #child: ChildProcess;
  readonly #kept: FromAgent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #clients = new Map<number, UsbClient>();
  #lastRequest = 0;

  constructor(backend: string, environment: Readonly<Record<string, string>> = {}) {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    this.#child = spawn(
      process.execPath,
      ['--conditions=@usher/source', '--import', 'tsx', main, '--home', this.home, '--backend', backend],
      { cwd: REPOSITORY, env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    const decoder = new EnvelopeDecoder(MAX_AGENT_MESSAGE);
    this.#child.stdout?.on('data', (chunk: Uint8Array) => {
      for (const bytes of decoder.push(chunk)) this.#take(decodeFromAgent(bytes));
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    this.#child.stdin?.on('error', () => undefined); // an agent that ends on purpose closes its end first
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal ?? code ?? -1));
    });
    void this.ended.then(() => this.#wake());
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Processes of the devices that it has open, and the one that it keeps ready. */
  get deviceProcesses(): readonly number[] {
    const { pid } = this.#child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((text) => text !== '');
    return children.map(Number).filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0').includes('device'));
  }

  send(message: ToAgent): void {
    this.sendRaw(envelope(encodeToAgent(message)));
  }

  sendRaw(bytes: Uint8Array): void {
    this.#child.stdin?.write(bytes);
  }

  /** The end of the link, as when the host ends. */
  endInput(): void {
    this.#child.stdin?.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** A viewer, with its channel relayed as the host relays it. */
  attach(link: number, device = fingerprint('a'.repeat(64))): UsbClient {
    this.send({ type: 'attach', link, device, profile: OPERATOR, viewerName: 'test' });
    const client = new UsbClient({ send: (frame) => this.send({ type: 'frame', link, frame }) });
    this.#clients.set(link, client);
    return client;
  }

  async request(method: AgentMethod, params: unknown = {}): Promise<unknown> {
    this.#lastRequest += 1;
    const id = this.#lastRequest;
    this.send({ type: 'request', id, method, params });
    const reply = await this.waitFor('reply', (message) => message.id === id);
    return reply.result;
  }

  /** The first message of a type that fits, taken off; waits for it. */
  async waitFor<Type extends FromAgent['type']>(
    type: Type,
    fits: (message: MessageOf<Type>) => boolean = () => true,
  ): Promise<MessageOf<Type>> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.#kept.find((message): message is MessageOf<Type> => message.type === type && fits(message as MessageOf<Type>)); // its type was just compared
      if (found !== undefined) {
        this.#kept.splice(this.#kept.indexOf(found), 1);
        return found;
      }
      const left = deadline - performance.now();
      if (left <= 0 || !this.isRunning) throw new Error(`no ${type} came; the agent said:\n${this.log}`);
      await this.#news(left);
    }
  }

  async stop(): Promise<void> {
    this.kill('SIGKILL');
    await this.ended;
    rmSync(this.home, { recursive: true, force: true });
  }

  #take(message: FromAgent): void {
    if (message.type === 'frame') this.#clients.get(message.link)?.receive(message.frame);
    else this.#kept.push(message);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    this.#wake();
  }

  #news(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

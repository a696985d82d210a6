import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AgentMethod, type FromAgent, fingerprint, type ToAgent } from '@usher/protocol';
import type { UsbClient } from '@usher/usb';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';
import { HostEnd, type MessageOf } from './host-end.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** Longest time for one thing to happen on two slow cores that also run other tests. */
const PATIENCE_MS = 45_000;

/** A real agent, started from its source, with the host's end of its link. */
export class AgentProcess {
  /** The agent's state directory, empty at first. */
  readonly home = mkdtempSync(join(tmpdir(), 'usher-agent-'));
  /** Resolves with the exit status, or the signal, once all that it said has been heard. */
  readonly ended: Promise<number | string>;
  log = '';
  readonly #child: ChildProcess;
  readonly #host: HostEnd;

  constructor(backend: string, environment: Readonly<Record<string, string>> = {}) {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    this.#child = spawn(
      process.execPath,
      ['--conditions=@usher/source', '--import', 'tsx', main, '--home', this.home, '--backend', backend],
      { cwd: REPOSITORY, env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    this.#host = new HostEnd(
      { write: (bytes) => this.sendRaw(bytes), isRunning: () => this.isRunning, log: () => this.log },
      { patienceMs: PATIENCE_MS },
    );
    this.#child.stdout?.on('data', (chunk: Uint8Array) => this.#host.hear(chunk));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    this.#child.stdin?.on('error', () => undefined); // an agent that ends on purpose closes its end first
    this.ended = new Promise((resolve) => {
      // Not 'exit': what it said last may still be in the pipe then.
      this.#child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
    });
    void this.ended.then(() => this.#host.wake());
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
    return children.map(Number).filter((child) => wordsOf(child).includes('device'));
  }

  send(message: ToAgent): void {
    this.#host.send(message);
  }

  /** Bytes that may be no message at all. */
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

  attach(link: number, device = fingerprint('a'.repeat(64))): UsbClient {
    return this.#host.attach(link, device);
  }

  request(method: AgentMethod, params?: unknown): Promise<unknown> {
    return this.#host.request(method, params);
  }

  waitFor<Type extends FromAgent['type']>(type: Type, fits?: (message: MessageOf<Type>) => boolean): Promise<MessageOf<Type>> {
    return this.#host.waitFor(type, fits);
  }

  async stop(): Promise<void> {
    this.kill('SIGKILL');
    await this.ended;
    removeDirectorySync(this.home);
  }
}

function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has just ended
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';

/** Longest time for a program to come up on two slow cores that also run other tests. */
const PATIENCE_MS = 45_000;

/** A session bus of a test's own, and programs on it, with nothing of the desktop of whoever runs the test. */
export class PrivateBus implements AsyncDisposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'usher-bus-'));
  readonly #programs: ChildProcess[] = [];
  #address = '';

  /** Undefined where every one of these programs is installed, otherwise what to install; `packages` names each program's Debian package. */
  static missing(packages: Readonly<Record<string, string>>): string | undefined {
    const all = { 'dbus-daemon': 'dbus', gdbus: 'libglib2.0-bin', ...packages };
    const lacking = Object.entries(all).filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
    return lacking.length === 0 ? undefined : `apt install ${lacking.map(([, name]) => name).join(' ')}`;
  }

  static async start(): Promise<PrivateBus> {
    const bus = new PrivateBus();
    try {
      const daemon = bus.spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1', `--address=unix:path=${bus.#directory}/bus`]);
      bus.#address = await firstLine(daemon);
      return bus;
    } catch (error) {
      await bus[Symbol.asyncDispose]();
      throw error;
    }
  }

  get environment(): Readonly<Record<string, string>> {
    const { PATH = '/usr/bin:/bin' } = process.env;
    return { PATH, HOME: this.#directory, XDG_RUNTIME_DIR: this.#directory, DBUS_SESSION_BUS_ADDRESS: this.#address };
  }

  /** It ends with the bus. */
  spawn(program: string, words: readonly string[], more: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(program, words, { env: { ...this.environment, ...more }, stdio: ['pipe', 'pipe', 'ignore'] });
    child.once('error', () => undefined); // whoever waits for it says that it didn't come
    this.#programs.push(child);
    return child;
  }

  /** What it said, once it has ended well. */
  async run(program: string, words: readonly string[]): Promise<string> {
    const child = this.spawn(program, words);
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
    return output;
  }

  /** Settles once somebody on the bus has this name. */
  async untilOwned(name: string): Promise<void> {
    await this.run('gdbus', ['wait', '--session', '--timeout', String(PATIENCE_MS / 1000), name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs.reverse()) {
      if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) continue;
      const ended = new Promise((resolve) => program.once('exit', resolve));
      program.kill('SIGKILL');
      await ended;
    }
    removeDirectorySync(this.#directory);
  }
}

/** What a program says when it is up. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError('it was started with pipes');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) return line;
    throw new Error('it ended before it said a line');
  } finally {
    clearTimeout(timer);
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Longest time for a program to come up on two slow cores that also run other tests. */
const PATIENCE_MS = 20_000;

/** A session bus and a keychain of a test's own, with nothing of the desktop of whoever runs it: a real `gnome-keyring-daemon`. */
export class PrivateDesktop implements AsyncDisposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'usher-desktop-'));
  readonly #programs: ChildProcess[] = [];
  #bus = '';

  /** Undefined where every program that it takes is installed, otherwise what to install. */
  static missing(): string | undefined {
    const packages = {
      'dbus-daemon': 'dbus',
      'gnome-keyring-daemon': 'gnome-keyring',
      'secret-tool': 'libsecret-tools',
      gdbus: 'libglib2.0-bin',
    };
    const lacking = Object.entries(packages).filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
    return lacking.length === 0 ? undefined : `apt install ${lacking.map(([, name]) => name).join(' ')}`;
  }

  static async start(): Promise<PrivateDesktop> {
    const desktop = new PrivateDesktop();
    try {
      await desktop.#start();
      return desktop;
    } catch (error) {
      await desktop[Symbol.asyncDispose]();
      throw error;
    }
  }

  get environment(): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    return { PATH, HOME: this.#directory, XDG_RUNTIME_DIR: this.#directory, DBUS_SESSION_BUS_ADDRESS: this.#bus };
  }

  /** Locks the keychain, as when the screen is locked. */
  async lock(): Promise<void> {
    const collection = '/org/freedesktop/secrets/collection/login';
    const call = ['call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets'];
    await this.#run('gdbus', [...call, '--method', 'org.freedesktop.Secret.Service.Lock', `[objectpath '${collection}']`]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs.reverse()) {
      if (program.exitCode !== null || program.signalCode !== null) continue;
      const ended = new Promise((resolve) => program.once('exit', resolve));
      program.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const bus = this.#spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1', `--address=unix:path=${this.#directory}/bus`]);
    this.#bus = await firstLine(bus);
    const keyring = this.#spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets']);
    keyring.stdin?.end('a password');
    const owner = ['wait', '--session', '--timeout', String(PATIENCE_MS / 1000), 'org.freedesktop.secrets'];
    await this.#run('gdbus', owner);
  }

  #spawn(program: string, words: readonly string[]): ChildProcess {
    const child = spawn(program, words, { env: this.environment, stdio: ['pipe', 'pipe', 'ignore'] });
    child.once('error', () => undefined); // whoever waits for it says that it didn't come
    this.#programs.push(child);
    return child;
  }

  async #run(program: string, words: readonly string[]): Promise<void> {
    const child = this.#spawn(program, words);
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError('it was started with pipes');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) return line;
    throw new Error('it ended before it said a line');
  } finally {
    clearTimeout(timer);
  }
}

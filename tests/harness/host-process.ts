import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Reader } from '@usher/protocol';
import { removeDirectory } from './temporary-directory.ts';

/** A cold start on two busy cores stays far below this, also where the machine has stalled for a while. */
const READY_WITHIN_MS = 60_000;
/** The host promises to end within five seconds of a SIGTERM; the rest is for a busy machine. */
const ENDS_WITHIN_MS = 30_000;

export interface ApiAnswer {
  readonly status: number;
  /** The parsed body; undefined where there is none or it isn't JSON. */
  readonly body: unknown;
}

/** The built host, in a home of its own, on a port of its own. */
export class HostProcess implements AsyncDisposable {
  readonly home: string;
  readonly url: string;
  readonly fingerprint: string;
  readonly process: ChildProcess;
  readonly #log: string[];
  readonly #ownsHome: boolean;

  private constructor(home: string, ownsHome: boolean, child: ChildProcess, log: string[], ready: Reader) {
    this.home = home;
    this.#ownsHome = ownsHome;
    this.process = child;
    this.#log = log;
    this.url = ready.string('url');
    this.fingerprint = ready.string('fingerprint');
  }

  /**
   * `home` keeps state across two starts; without it the directory is made, and removed at the end. `readyWithinMs` is for a machine that
   * is slower than two busy cores, as an emulated one; `directory` is where other built packages lie than the checkout's.
   */
  static async start(
    options: { args?: readonly string[]; home?: string; env?: Record<string, string>; readyWithinMs?: number; directory?: string } = {},
  ): Promise<HostProcess> {
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'usher-home-')));
    const child = spawn(
      process.execPath,
      ['packages/host/dist/main.js', '--home', home, '--port', '0', '--bind', '127.0.0.1', ...(options.args ?? [])],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env }, cwd: options.directory },
    );
    const readyWithinMs = options.readyWithinMs ?? READY_WITHIN_MS;
    const log: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const line = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the host was not ready in ${readyWithinMs} ms\n${log.join('\n')}`)), readyWithinMs);
      createInterface({ input: child.stdout }).once('line', (text) => {
        clearTimeout(timer);
        resolve(text);
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`the host ended with ${code} before it was ready\n${log.join('\n')}`));
      });
    });
    return new HostProcess(home, options.home === undefined, child, log, Reader.json(line, 'ready'));
  }

  /** Every line that the host has logged so far. */
  log(): readonly string[] {
    return this.#log;
  }

  async token(): Promise<string> {
    return (await readFile(join(this.home, 'token'), 'utf8')).trim();
  }

  /** A REST call with the operator's token. */
  async api(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${await this.token()}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    return new Promise((resolve, reject) => {
      // A connection of its own: one that is kept may be closed by the host in the moment in which it is used again.
      const options = { method, headers, rejectUnauthorized: false, agent: false };
      const call = request(new URL(path, this.url), options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString()) }));
      });
      call.once('error', reject);
      call.end(text);
    });
  }

  async armPin(): Promise<string> {
    const { body } = await this.api('POST', '/api/v1/native/pair/arm');
    return Reader.of(body, 'arm').string('pin');
  }

  /** SIGTERM, and the exit code. Safe to call twice. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const ended = new Promise<number | null>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.process.kill('SIGKILL');
        reject(new Error(`the host was still there ${ENDS_WITHIN_MS} ms after ${signal}`));
      }, ENDS_WITHIN_MS);
      this.process.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code);
      });
    });
    this.process.kill(signal);
    return ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop();
    } finally {
      if (this.#ownsHome) await removeDirectory(this.home);
    }
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page or plain text: callers that want JSON fail on the missing body
  }
}

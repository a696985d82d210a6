import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Reader } from '@usher/protocol';

/** A start through tsx on two busy cores; an end is bounded by the host's own 5 s. */
const READY_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 30_000;

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const TYPESCRIPT = ['--conditions=@usher/source', '--import', 'tsx'];

export interface ReadyLine {
  readonly url: string;
  readonly fingerprint: string;
  readonly tokenCreated: boolean;
}

export interface HostEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Messages of the log, one for each line. */
  readonly log: readonly string[];
  readonly stdout: readonly string[];
}

/** The real host from its TypeScript source, on 127.0.0.1, under a temporary state directory. */
export class HostProcess implements AsyncDisposable {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #stdout: string[] = [];
  readonly #log: string[] = [];
  readonly #closed: Promise<unknown>;
  readonly #firstLine: Promise<unknown[]>;

  /** @param nodeArguments what stands before the program, for a test that breaks something from inside */
  constructor(args: readonly string[], nodeArguments: readonly string[] = []) {
    this.process = spawn(process.execPath, [...TYPESCRIPT, ...nodeArguments, MAIN, '--bind', '127.0.0.1', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    });
    const lines = createInterface(this.process.stdout).on('line', (line) => this.#stdout.push(line));
    this.#firstLine = once(lines, 'line');
    createInterface(this.process.stderr).on('line', (line) => this.#log.push(messageOf(line)));
    this.#closed = once(this.process, 'close');
  }

  /** The one line on stdout; rejects with the log where the host ends instead. */
  async ready(): Promise<ReadyLine> {
    await bounded(Promise.race([this.#firstLine, this.#closed]), READY_WITHIN_MS, 'a ready line');
    const [line] = this.#stdout;
    if (line === undefined) throw new Error(`the host ended: ${this.#log.join('\n')}`);
    const fields = Reader.json(line, 'ready');
    if (!fields.boolean('ready')) throw new Error(line);
    return { url: fields.string('url'), fingerprint: fields.string('fingerprint'), tokenCreated: fields.boolean('tokenCreated') };
  }

  async ended(): Promise<HostEnd> {
    await bounded(this.#closed, READY_WITHIN_MS + ENDS_WITHIN_MS, 'the host to end');
    return { code: this.process.exitCode, signal: this.process.signalCode, log: this.#log, stdout: this.#stdout };
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<HostEnd> {
    this.process.kill(signal);
    return this.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL');
    await this.#closed;
  }
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An HTTPS request that trusts exactly this certificate. */
export async function ask(
  url: string,
  certificate: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly json?: unknown } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, json } = options;
  const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
  const request = httpsRequest(url, { method, headers: { ...headers, ...type }, ca: certificate, agent: false });
  request.end(json === undefined ? undefined : JSON.stringify(json));
  const response = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));
  const { statusCode = 0 } = await bounded(response, ENDS_WITHIN_MS, `an answer of ${url}`);
  let body = '';
  for await (const chunk of await response) body += String(chunk);
  return { status: statusCode, body };
}

/** The value, or an error that says what was waited for. */
export async function bounded<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${milliseconds} ms for ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(line: string): string {
  return line.startsWith('{') ? (Reader.json(line, 'log').optionalString('msg') ?? line) : line;
}

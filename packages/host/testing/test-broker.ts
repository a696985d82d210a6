import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BrokerLines,
  type BrokerRefusal,
  type BrokerReply,
  type BrokerRequest,
  type BrokerToken,
  brokerToken,
  decodeBrokerRequest,
  encodeBrokerReply,
  type ProfileId,
} from '@usher/protocol';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';

/** A worker that was told to end gets as long as it has promised (rule W7), and is killed then. */
const ENDS_WITHIN_MS = 2_000;

export interface TestBrokerOptions {
  /** What each account is answered with; undefined is one that may be opened. Any other account doesn't exist. */
  readonly accounts: Readonly<Record<string, BrokerRefusal | undefined>>;
  /** The worker's program and arguments. */
  readonly worker: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

interface OpenAccount {
  readonly account: string;
  readonly worker: ChildProcess;
  readonly control: Socket;
  readonly ended: Promise<void>;
}

/**
 * A broker for tests (rules B1–B7), without root: every account is the one that it runs as. What it says and when is held by the same suite
 * that root's broker is held by.
 */
export class TestBroker implements AsyncDisposable {
  readonly socketPath: string;
  readonly bound = new Map<ProfileId, string>();
  /** What PAM says to an account after the broker has agreed. */
  readonly logins = new Map<string, BrokerRefusal>();
  /** Whom an account belongs to, by its name: another number is another person. */
  readonly uids = new Map<string, number>();
  readonly #boundUids = new Map<ProfileId, number | undefined>();
  readonly #options: TestBrokerOptions;
  readonly #directory: string;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #controls = new Map<BrokerToken, Socket>();
  readonly #open = new Map<ProfileId, OpenAccount>();

  static async listen(options: TestBrokerOptions): Promise<TestBroker> {
    const broker = new TestBroker(options, await mkdtemp(join(tmpdir(), 'usher-broker-')));
    broker.#server.listen(broker.socketPath);
    await once(broker.#server, 'listening');
    return broker;
  }

  private constructor(options: TestBrokerOptions, directory: string) {
    this.#options = options;
    this.#directory = directory;
    this.socketPath = join(directory, 'broker.sock');
    this.#server = createServer({ pauseOnConnect: true }, (connection) => this.#accept(connection));
  }

  /** Processes of the sessions that are open, by account. */
  get workers(): ReadonlyMap<string, number> {
    return new Map([...this.#open.values()].map(({ account, worker }) => [account, worker.pid ?? 0]));
  }

  /** Says these bytes on every control connection, asked or not. */
  sayOnControl(bytes: string): void {
    for (const control of this.#controls.values()) control.write(bytes);
  }

  /** As a broker that crashes: everything that hung on it ends. Its record stays, and so does its socket, as systemd keeps it. */
  async crash(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await this.#endAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await this.crash();
    await removeDirectory(this.#directory);
  }

  #accept(connection: Socket): void {
    this.#connections.add(connection);
    connection.on('error', () => {}); // 'close' follows
    connection.once('close', () => this.#connections.delete(connection));
    const lines = new BrokerLines();
    const read = (chunk: Buffer): void => {
      for (const line of lines.push(chunk)) {
        const request = decodeBrokerRequest(line);
        if (request.type !== 'open') {
          if (request.type === 'hello') this.#welcome(connection);
          else void this.#answer(connection, request);
        } else {
          connection.off('data', read).pause();
          // Not from here: after this listener Node would start to read again, and take what is the worker's.
          setImmediate(() => this.#openSession(connection, request));
        }
      }
    };
    connection.on('data', read).resume();
  }

  #welcome(connection: Socket): void {
    const token = brokerToken(randomBytes(16).toString('hex'));
    this.#controls.set(token, connection);
    connection.once('close', () => {
      this.#controls.delete(token);
      for (const session of this.#open.values()) if (session.control === connection) void endWorker(session.worker);
    });
    say(connection, { type: 'welcome', token });
  }

  async #answer(connection: Socket, request: Exclude<BrokerRequest, { type: 'hello' | 'open' }>): Promise<void> {
    const refusal = await this.#perform(connection, request);
    say(connection, refusal === undefined ? { type: 'ok' } : { type: 'refused', refusal });
  }

  async #perform(connection: Socket, request: Exclude<BrokerRequest, { type: 'hello' | 'open' }>): Promise<BrokerRefusal | undefined> {
    switch (request.type) {
      case 'check':
        return this.#check(request.account);
      case 'bind': {
        const { profile, account } = request;
        if (this.#open.has(profile)) return 'StillOpen';
        const refusal = this.#check(account);
        if (refusal !== undefined) return refusal;
        if ([...this.bound].some(([other, taken]) => other !== profile && taken === account)) return 'AccountTaken';
        this.bound.set(profile, account);
        this.#boundUids.set(profile, this.uids.get(account));
        return undefined;
      }
      case 'unbind':
        if (this.#open.has(request.profile)) return 'StillOpen';
        this.bound.delete(request.profile);
        return undefined;
      case 'close': {
        const session = this.#open.get(request.profile);
        if (session?.control !== connection) return 'NotOpen';
        await endWorker(session.worker);
        await session.ended;
        return undefined;
      }
    }
  }

  #check(account: string): BrokerRefusal | undefined {
    return Object.hasOwn(this.#options.accounts, account) ? this.#options.accounts[account] : 'NoAccount';
  }

  #changed(profile: ProfileId, account: string): BrokerRefusal | undefined {
    return this.#boundUids.get(profile) === this.uids.get(account) ? undefined : 'AccountChanged';
  }

  #openSession(connection: Socket, { token, profile }: BrokerRequest & { readonly type: 'open' }): void {
    const control = this.#controls.get(token);
    const account = this.bound.get(profile);
    if (control === undefined) refuse(connection, 'UnknownToken');
    else if (account === undefined) refuse(connection, 'NotBound');
    else {
      const refusal = this.#check(account) ?? this.#changed(profile, account) ?? (this.#open.has(profile) ? 'Occupied' : undefined);
      if (refusal === undefined) this.#login(connection, control, profile, account);
      else refuse(connection, refusal);
    }
  }

  #login(connection: Socket, control: Socket, profile: ProfileId, account: string): void {
    const refusal = this.logins.get(account);
    if (refusal !== undefined) {
      refuse(connection, refusal);
      return;
    }
    const [program, ...args] = this.#options.worker;
    const worker = spawn(program, args, {
      stdio: [connection, connection, 'ignore'],
      env: { PATH: process.env['PATH'], HOME: this.#directory, USER: account, XDG_RUNTIME_DIR: this.#directory, ...this.#options.env },
    });
    const ended = once(worker, 'exit').then(() => {
      this.#open.delete(profile);
      connection.destroy();
    });
    this.#open.set(profile, { account, worker, control, ended });
  }

  async #endAll(): Promise<void> {
    await Promise.all([...this.#open.values()].map(async ({ worker, ended }) => [await endWorker(worker), await ended]));
  }
}

async function endWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  const timer = setTimeout(() => worker.kill('SIGKILL'), ENDS_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

function refuse(connection: Socket, refusal: BrokerRefusal): void {
  connection.end(encodeBrokerReply({ type: 'refused', refusal }));
}

function say(connection: Socket, reply: BrokerReply): void {
  if (connection.writable) connection.write(encodeBrokerReply(reply));
}

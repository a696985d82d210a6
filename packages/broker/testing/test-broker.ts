import { mkdtempSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccountName, type AuditRecord, brokerToken } from '@usher/protocol';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';
import { Bindings } from '../src/accounts/bindings.ts';
import type { SystemAccount } from '../src/accounts/eligibility.ts';
import { Decisions } from '../src/audit/decisions.ts';
import { Broker } from '../src/broker.ts';
import type { Peer } from '../src/peer.ts';
import { People } from '../src/people.ts';
import { Sessions } from '../src/sessions.ts';
import { StateUnusable } from '../src/state-directory.ts';
import { FakeLauncher } from './fake-launcher.ts';

export const HOST_UID = 990;
/** Longest wait for an answer; they come at once. */
const ANSWER_MS = 20_000;

/** A broker on a real socket, with accounts, a launcher and an audit that a test holds in its hands. */
export class TestBroker implements AsyncDisposable {
  readonly launcher = new FakeLauncher();
  readonly accounts = new Map<string, SystemAccount>();
  readonly recorded: AuditRecord[] = [];
  readonly errors: string[] = [];
  readonly directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
  peer: Peer | undefined = { pid: 4321, uid: HOST_UID };
  unix = 1_700_000_000;
  /** Called before an account is found: what happens while the broker looks. */
  whileLooking: () => Promise<void> = () => Promise.resolve();
  auditFails = false;
  readonly broker: Broker;
  readonly #server: Server;
  readonly #connections: Socket[] = [];

  constructor() {
    let tokens = 0;
    const log = { info: () => undefined, warn: () => undefined, error: (message: string) => this.errors.push(message) };
    const unix = () => this.unix;
    const append = (record: AuditRecord) => {
      if (this.auditFails) throw new StateUnusable('the disk is full');
      this.recorded.push(record);
    };
    const decisions = new Decisions({ trail: { append, confirm: () => undefined }, unix, log });
    const findAccount = async (name: AccountName) => {
      await this.whileLooking();
      return this.accounts.get(name);
    };
    this.broker = new Broker({
      hostUid: HOST_UID,
      askForPeer: () => Promise.resolve(this.peer),
      people: new People({ bindings: new Bindings(this.directory), findAccount, uidMin: 1000, unix }),
      sessions: new Sessions(this.launcher, decisions),
      decisions,
      makeToken: () => {
        tokens += 1;
        return brokerToken(String(tokens).padStart(32, '0'));
      },
      log,
    });
    this.#server = createServer({ pauseOnConnect: true }, (connection) => this.broker.accept(connection));
  }

  static async listen(): Promise<TestBroker> {
    const test = new TestBroker();
    await new Promise<void>((resolve) => test.#server.listen(join(test.directory, 'socket'), resolve));
    return test;
  }

  add(account: SystemAccount): void {
    this.accounts.set(account.name, account);
  }

  connect(): Line {
    const socket = connect(join(this.directory, 'socket'));
    this.#connections.push(socket);
    return new Line(socket);
  }

  /** A control connection and its token. */
  async control(): Promise<{ readonly line: Line; readonly token: string }> {
    const line = this.connect();
    const answer = await line.ask('HELLO 1');
    return { line, token: answer.slice(3) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const launch of this.launcher.launches) launch.end();
    for (const connection of this.#connections) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    removeDirectorySync(this.directory);
  }
}

/** A connection to the broker, line by line. */
export class Line {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #wakes: (() => void)[] = [];
  #held = '';
  #isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const wake = () => {
      for (const waiting of this.#wakes.splice(0)) waiting();
    };
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#held += text;
      wake();
    });
    socket.on('error', () => undefined); // the close follows
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.#isClosed = true;
        wake();
        resolve();
      }),
    );
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  ask(line: string): Promise<string> {
    this.write(`${line}\n`);
    return this.next();
  }

  /** The next line without its end; `closed` where there is none. */
  async next(): Promise<string> {
    const deadline = performance.now() + ANSWER_MS;
    for (;;) {
      const end = this.#held.indexOf('\n');
      if (end >= 0) {
        const line = this.#held.slice(0, end);
        this.#held = this.#held.slice(end + 1);
        return line;
      }
      if (this.#isClosed) return 'closed';
      if (performance.now() > deadline) throw new Error('no answer');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ANSWER_MS);
        this.#wakes.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}

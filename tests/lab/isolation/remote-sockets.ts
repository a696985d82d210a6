import { createInterface } from 'node:readline';
import { Reader } from '@usher/protocol';
import type { Container, Inside } from '../container/container.ts';

/** For an answer of a program in the container, on a machine that does other things. */
const ANSWER_MS = 15_000;
/** Bytes of one connection that wait to be looked at. */
const HELD_MAX = 16 * 1024 * 1024;

/** A unix socket of the container, opened there under a uid of its own. */
export class RemoteSocket {
  readonly #send: (order: object) => void;
  readonly #id: number;
  readonly #waiting: (() => void)[] = [];
  #held = Buffer.alloc(0);
  isClosed = false;
  problem: string | undefined;

  constructor(send: (order: object) => void, id: number) {
    this.#send = send;
    this.#id = id;
  }

  write(bytes: Uint8Array | string): void {
    this.#send({ do: 'write', id: this.#id, bytes: Buffer.from(bytes).toString('base64') });
  }

  end(): void {
    this.#send({ do: 'end', id: this.#id });
  }

  /** The next line with its line feed; undefined where the connection ends without one. */
  async line(): Promise<string | undefined> {
    const at = await this.#until(() => {
      const found = this.#held.indexOf(0x0a);
      return found < 0 ? undefined : found + 1;
    });
    return at === undefined ? undefined : this.#take(at).toString('latin1');
  }

  /** Exactly so many bytes; undefined where the connection ends before. */
  async bytes(count: number): Promise<Buffer | undefined> {
    const there = await this.#until(() => (this.#held.length >= count ? count : undefined));
    return there === undefined ? undefined : this.#take(there);
  }

  /** The next message in an envelope. */
  async message(): Promise<Buffer | undefined> {
    const header = await this.bytes(4);
    return header === undefined ? undefined : this.bytes(header.readUInt32BE(0));
  }

  async closed(): Promise<void> {
    await this.#until(() => (this.isClosed ? 0 : undefined));
  }

  /** What the container's program told of this socket. */
  heard(event: 'data' | 'close' | 'error' | 'open', bytes: Buffer, problem: string | undefined): void {
    if (event === 'data') this.#held = Buffer.concat([this.#held, bytes]);
    if (this.#held.length > HELD_MAX) throw new Error('a connection says more than a test looks at');
    if (event === 'close') this.isClosed = true;
    if (event === 'error') this.problem = problem;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #until(look: () => number | undefined): Promise<number | undefined> {
    const deadline = performance.now() + ANSWER_MS;
    for (;;) {
      const found = look();
      if (found !== undefined || this.isClosed) return found;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`nothing came within ${ANSWER_MS / 1000} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}

/** A process of the container that opens sockets: what the host is to the broker. */
export class RemotePeer implements AsyncDisposable {
  readonly #container: Container;
  readonly #child: Inside;
  readonly #sockets: RemoteSocket[] = [];
  readonly #ready: Promise<number>;

  constructor(container: Container, program: string, user: string) {
    this.#container = container;
    this.#child = container.start(['node', program], { user });
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => undefined); // it has ended; what is waited for says so
    this.#ready = new Promise((resolve, reject) => {
      this.#child.once('exit', () => {
        reject(new Error('the peer ended'));
        for (const socket of this.#sockets) socket.heard('close', Buffer.alloc(0), undefined);
      });
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line, resolve));
    });
    this.#ready.catch(() => undefined); // whoever waits for it hears of it
  }

  async connect(path: string): Promise<RemoteSocket> {
    await this.#ready;
    const id = this.#sockets.length;
    const send = (order: object) => this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    const socket = new RemoteSocket(send, id);
    this.#sockets.push(socket);
    send({ do: 'connect', id, path });
    return socket;
  }

  /** Not asked: killed, as by a crash. */
  async kill(): Promise<void> {
    const pid = await this.#ready;
    await this.#container.must(['kill', '-KILL', String(pid)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }

  #hear(line: string, ready: (pid: number) => void): void {
    const event = Reader.json(line, 'peer');
    const kind = event.word('event', ['ready', 'open', 'data', 'error', 'close']);
    if (kind === 'ready') ready(event.integer('pid', 1, 2 ** 31));
    else {
      const bytes = Buffer.from(event.optionalString('bytes', HELD_MAX) ?? '', 'base64');
      this.#sockets[event.integer('id', 0, 1e6)]?.heard(kind, bytes, event.optionalString('problem'));
    }
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { bulkIn, CONFIGURATION, type Measurable } from '../measurable.ts';

/** Packet types of usbredir 0.7 (usbredirproto.h). */
const Type = { Hello: 0, Reset: 3, Control: 100, Bulk: 101 } as const;
/** `type u32 ‖ length u32 ‖ id u32`, little-endian; without the capability for ids of 64 bits. */
const HEADER = 12;
/** `version[64] ‖ capabilities u32`. */
const HELLO = 64 + 4;
/** `endpoint u8 ‖ request u8 ‖ requesttype u8 ‖ status u8 ‖ value u16 ‖ index u16 ‖ length u16`. */
const CONTROL = 10;
/** `endpoint u8 ‖ status u8 ‖ length u16 ‖ stream_id u32`. */
const BULK = 8;
const STARTS_WITHIN_MS = 10_000;
const ANSWERS_WITHIN_MS = 10_000;
/** It doesn't say when it listens. */
const ASK_EVERY_MS = 50;

/**
 * A device that Debian's `usbredirect` serves over TCP: libusb in C on one end, this on the other, nothing encrypted. Ours is the least that its
 * protocol asks of a client.
 */
export class UsbredirDevice {
  readonly #server: ChildProcess;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (packet: Buffer) => void>();
  #buffered: Buffer = Buffer.alloc(0);
  #lastId = 0;

  private constructor(server: ChildProcess, socket: Socket) {
    this.#server = server;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    const hello = Buffer.alloc(HELLO);
    hello.write('usher bench');
    this.#send(Type.Hello, 0, hello);
  }

  static isInstalled(): boolean {
    return spawnSync('usbredirect', ['--help'], { stdio: 'ignore' }).status === 0;
  }

  /** The only one of the bus with these ids that isn't taken yet; its program ends with {@link close}. */
  static async open(ids: string, environment: Readonly<Record<string, string>>): Promise<UsbredirDevice> {
    const port = await freePort();
    const server = spawn('usbredirect', ['--device', ids, '--as', `127.0.0.1:${port}`], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const end = performance.now() + STARTS_WITHIN_MS;
    for (;;) {
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
        return new UsbredirDevice(server, socket);
      } catch (error) {
        if (server.exitCode !== null || performance.now() > end) throw new Error('usbredirect does not listen', { cause: error });
      }
      await after(ASK_EVERY_MS);
    }
  }

  async measurable(): Promise<Measurable> {
    const endpoint = bulkIn(await this.#descriptor(CONFIGURATION.value, CONFIGURATION.length));
    return { control: () => this.#descriptor(0x0100, 18), read: (length) => this.#bulk(endpoint, length) };
  }

  async close(): Promise<void> {
    const ended = once(this.#server, 'exit');
    this.#socket.destroy();
    this.#server.kill();
    await ended;
  }

  async #descriptor(value: number, length: number): Promise<Uint8Array> {
    const body = Buffer.alloc(CONTROL);
    body.set([0x80, 6, 0x80, 0]);
    body.writeUInt16LE(value, 4);
    body.writeUInt16LE(length, 8);
    const answer = await this.#ask(Type.Control, body);
    if (answer[3] !== 0) throw new Error(`usbredir: status ${answer[3]}`);
    return answer.subarray(CONTROL);
  }

  async #bulk(endpoint: number, length: number): Promise<Uint8Array> {
    const body = Buffer.alloc(BULK);
    body.set([endpoint, 0]);
    body.writeUInt16LE(length, 2);
    const answer = await this.#ask(Type.Bulk, body);
    if (answer[1] !== 0) throw new Error(`usbredir: status ${answer[1]}`);
    return answer.subarray(BULK);
  }

  #ask(type: number, body: Buffer): Promise<Buffer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`usbredirect did not answer in ${ANSWERS_WITHIN_MS} ms`)), ANSWERS_WITHIN_MS);
      this.#waiting.set(id, (packet) => {
        clearTimeout(late);
        resolve(packet);
      });
      this.#send(type, id, body);
    });
  }

  #send(type: number, id: number, body: Buffer): void {
    const header = Buffer.alloc(HEADER);
    for (const [index, value] of [type, body.length, id].entries()) header.writeUInt32LE(value, index * 4);
    this.#socket.write(Buffer.concat([header, body]));
  }

  #read(chunk: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    while (this.#buffered.length >= HEADER) {
      const [length, id] = [this.#buffered.readUInt32LE(4), this.#buffered.readUInt32LE(8)];
      if (this.#buffered.length < HEADER + length) return;
      this.#waiting.get(id)?.(this.#buffered.subarray(HEADER, HEADER + length));
      this.#waiting.delete(id);
      this.#buffered = this.#buffered.subarray(HEADER + length);
    }
  }
}

/** One that was free a moment ago: the program wants to be told which. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

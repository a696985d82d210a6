import type { Socket } from 'node:net';

/** Messages of libumockdev's preload library (0.17), three native 64-bit words each. */
const Message = { Ioctl: 1n, Done: 3n, ReadMemory: 5n, WriteMemory: 6n } as const;
const WORDS = 24;

/** One open file descriptor of the process under test: its ioctls come in here, and its memory is read and written by asking it to. */
export class IoctlCaller {
  readonly #socket: Socket;
  #buffered = Buffer.alloc(0);
  #wanted: { readonly length: number; readonly resolve: (bytes: Buffer | undefined) => void } | undefined;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#buffered = Buffer.concat([this.#buffered, chunk]);
      this.#serve();
    });
    socket.on('error', () => undefined); // "close" follows
    socket.on('close', () => {
      this.#closed = true;
      this.#wanted?.resolve(undefined);
    });
  }

  /** The next ioctl; undefined once the descriptor is closed. */
  async next(): Promise<{ readonly request: number; readonly argument: bigint } | undefined> {
    const message = await this.#take(WORDS);
    if (message === undefined || message.readBigUInt64LE(0) !== Message.Ioctl) return undefined;
    return { request: Number(message.readBigUInt64LE(8) & 0xffff_ffffn), argument: message.readBigUInt64LE(16) };
  }

  async readMemory(address: bigint, length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0);
    this.#send(Message.ReadMemory, address, BigInt(length));
    return (await this.#take(length)) ?? Buffer.alloc(length);
  }

  writeMemory(address: bigint, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#send(Message.WriteMemory, address, BigInt(bytes.length));
    this.#socket.write(bytes);
  }

  /** The ioctl returns `result`. */
  done(result = 0): void {
    this.#send(Message.Done, BigInt(result), 0n);
  }

  /** The ioctl returns -1, with this errno. */
  fail(errno: number): void {
    this.#send(Message.Done, -1n, BigInt(errno));
  }

  #send(...words: readonly bigint[]): void {
    const message = Buffer.alloc(WORDS);
    for (const [index, word] of words.entries()) message.writeBigUInt64LE(BigInt.asUintN(64, word), index * 8);
    if (!this.#closed) this.#socket.write(message);
  }

  #take(length: number): Promise<Buffer | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#wanted = { length, resolve };
      this.#serve();
    });
  }

  #serve(): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#buffered.length < wanted.length) return;
    this.#wanted = undefined;
    const taken = Buffer.from(this.#buffered.subarray(0, wanted.length));
    this.#buffered = this.#buffered.subarray(wanted.length);
    wanted.resolve(taken);
  }
}

import type { Socket } from 'node:net';
import { isCoded } from '@usher/protocol';
import type { SimDevice } from '../../../../packages/usb-agent/src/backends/sim/sim-device.ts';
import { bodyLength, type FromKernel, HEADER_BYTES, readHeader, submitReply, unlinkReply } from './usbip-messages.ts';

/** Negative errno values, as a URB ends with them. */
const Status = { Ok: 0, Stalled: -32, Protocol: -71, Unlinked: -104 } as const;
const FROM_DEVICE = 0x80;
const NOTHING = new Uint8Array();

type Submit = Extract<FromKernel, { type: 'submit' }>;

/** Plays a device for the kernel at the other end of the socket: URBs in, what they came to out. */
export class UsbipDevice {
  readonly #device: SimDevice;
  readonly #socket: Socket;
  readonly #pending = new Map<number, AbortController>();
  /** The latest write of each OUT endpoint: a device takes them one after the other, whatever order they are done in. */
  readonly #writes = new Map<number, Promise<unknown>>();
  #rest: Buffer = Buffer.alloc(0);

  constructor(device: SimDevice, socket: Socket) {
    this.#device = device;
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => undefined); // the cable was pulled: 'close' tells
    socket.once('close', () => {
      for (const stop of this.#pending.values()) stop.abort();
    });
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + bodyLength(this.#rest);
      if (this.#rest.length < end) return;
      const message = readHeader(this.#rest);
      const data = Buffer.from(this.#rest.subarray(HEADER_BYTES, end));
      this.#rest = this.#rest.subarray(end);
      if (message.type === 'submit') void this.#perform(message, data);
      else this.#unlink(message.sequence, message.victim);
    }
  }

  #unlink(sequence: number, victim: number): void {
    const pending = this.#pending.get(victim);
    this.#pending.delete(victim);
    pending?.abort();
    // 0 means that the victim's own reply is out already.
    this.#socket.write(unlinkReply(sequence, pending === undefined ? Status.Ok : Status.Unlinked));
  }

  async #perform(urb: Submit, data: Uint8Array): Promise<void> {
    const stop = new AbortController();
    this.#pending.set(urb.sequence, stop);
    try {
      const read = await this.#transfer(urb, data, stop.signal);
      const kept = read.subarray(0, urb.length);
      this.#reply(urb, Status.Ok, urb.isIn ? kept.length : data.length, urb.isIn ? kept : NOTHING);
    } catch (error) {
      if (!stop.signal.aborted) this.#reply(urb, isCoded(error, 'usb.stall') ? Status.Stalled : Status.Protocol, 0, NOTHING);
    }
  }

  async #transfer({ endpoint, isIn, length, setup }: Submit, data: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    if (endpoint === 0) return this.#device.control(setup, data);
    if (isIn) return this.#device.read(endpoint | FROM_DEVICE, length, signal);
    const before = this.#writes.get(endpoint) ?? Promise.resolve();
    const write = before.catch(() => undefined).then(() => (signal.aborted ? undefined : this.#device.write(endpoint, data, signal)));
    this.#writes.set(endpoint, write);
    await write;
    return NOTHING;
  }

  #reply(urb: Submit, status: number, actual: number, data: Uint8Array): void {
    if (this.#pending.delete(urb.sequence)) this.#socket.write(submitReply(urb.sequence, status, actual, data));
  }
}

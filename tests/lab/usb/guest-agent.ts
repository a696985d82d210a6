import { randomBytes } from 'node:crypto';
import {
  type AgentMethod,
  decodeFromAgent,
  EnvelopeDecoder,
  encodeToAgent,
  envelope,
  type FromAgent,
  fingerprint,
  MAX_AGENT_MESSAGE,
  OPERATOR,
  Reader,
  type ToAgent,
} from '@usher/protocol';
import { UsbClient } from '@usher/usb';
import type { GuestProcess } from '../vm/guest-link.ts';
import { type Machine, PROJECT } from '../vm/machine.ts';
import { speakingBaseOnly } from './base-protocol.ts';

/** Longest time for one answer of an agent on an emulated machine. */
const PATIENCE_MS = 60_000;
/** Messages that are kept for somebody who asks for them later. */
const KEPT_MAX = 1000;
const AGENT = `${PROJECT}/packages/usb-agent/dist/main.js`;

export interface AgentOptions {
  /** Its state directory in the guest, `/home/visitor/.usher` where it isn't named. */
  readonly home?: string;
}

export type Protocol = 'base' | 'v2';

/** The packaged agent in the guest, as its ordinary user, with the host's end of its link here. Questions to the operator are answered yes. */
export class GuestAgent implements AsyncDisposable {
  readonly process: GuestProcess;
  readonly #clients = new Map<number, UsbClient>();
  readonly #kept: FromAgent[] = [];
  readonly #waiting = new Set<() => void>();
  #lastRequest = 0;
  #lastLink = 0;

  private constructor(process: GuestProcess) {
    this.process = process;
    const decoder = new EnvelopeDecoder(MAX_AGENT_MESSAGE);
    process.on('output', (bytes) => {
      for (const message of decoder.push(bytes)) this.#take(decodeFromAgent(message));
    });
    void process.ended.then(() => this.#wake());
  }

  static async start(machine: Machine, { home = '/home/visitor/.usher' }: AgentOptions): Promise<GuestAgent> {
    const command = ['node', AGENT, '--home', home, '--backend', 'libusb'];
    const agent = new GuestAgent(machine.start(command, { asUser: true, directory: '/home/visitor' }));
    const { backend, problem } = await agent.waitFor('ready');
    if (backend !== 'libusb' || problem !== undefined) throw new Error(`the agent came up with ${backend}: ${problem}`);
    return agent;
  }

  /** Rules that lend these devices without a question. */
  async lend(...devices: readonly string[]): Promise<void> {
    for (const device of devices) {
      const [vendor_id, product_id] = device.split(':');
      await this.request('acl.add', { vendor_id, product_id, allow: true });
    }
  }

  /** A viewer of its own, by default another device each time. */
  attach(protocol: Protocol = 'v2', device = fingerprint(randomBytes(32).toString('hex'))): Viewer {
    this.#lastLink += 1;
    const link = this.#lastLink;
    this.#send({ type: 'attach', link, device, profile: OPERATOR, viewerName: 'lab' });
    const send = (frame: Uint8Array) => this.#send({ type: 'frame', link, frame });
    const client = new UsbClient({ send: protocol === 'base' ? speakingBaseOnly(send) : send });
    this.#clients.set(link, client);
    return {
      client,
      device,
      detach: () => {
        this.#clients.delete(link);
        this.#send({ type: 'detach', link });
        client.shutdown();
      },
    };
  }

  async request(method: AgentMethod, params: unknown = {}): Promise<Reader> {
    this.#lastRequest += 1;
    const id = this.#lastRequest;
    this.#send({ type: 'request', id, method, params });
    const reply = await this.waitFor('reply', (message) => message.id === id);
    return Reader.of(reply.result, method);
  }

  /** The devices that the agent sees, as `vendor:product`. */
  async devices(): Promise<readonly string[]> {
    const listing = await this.request('devices');
    return listing.list('devices', 1000, (one) => `${one.string('vendor_id')}:${one.string('product_id')}`);
  }

  /** Waits until the agent's own listing has the device. */
  async untilListed(device: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await this.devices()).includes(device)) {
      if (performance.now() > deadline) throw new Error(`the agent never listed ${device}`);
    }
  }

  /** The first message of a type that fits, taken off; waits for it. */
  async waitFor<Type extends FromAgent['type']>(
    type: Type,
    fits: (message: Extract<FromAgent, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<FromAgent, { type: Type }>> {
    const deadline = performance.now() + PATIENCE_MS;
    const isWanted = (message: FromAgent): message is Extract<FromAgent, { type: Type }> =>
      message.type === type && fits(message as Extract<FromAgent, { type: Type }>); // its type was just compared
    for (;;) {
      const found = this.#kept.find(isWanted);
      if (found !== undefined) {
        this.#kept.splice(this.#kept.indexOf(found), 1);
        return found;
      }
      const left = deadline - performance.now();
      if (left <= 0 || !this.process.isRunning) throw new Error(`no ${type} came; the agent said:\n${this.process.complaints}`);
      await this.#news(left);
    }
  }

  /** As when the host ends: its exit status, or the signal. */
  async end(): Promise<number | string> {
    this.process.endInput();
    return this.process.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.kill();
  }

  #send(message: ToAgent): void {
    this.process.write(envelope(encodeToAgent(message)));
  }

  #take(message: FromAgent): void {
    if (message.type === 'frame') this.#clients.get(message.link)?.receive(message.frame);
    else if (message.type === 'prompt') this.#send({ type: 'prompt-answer', id: message.id, allow: true, remember: false });
    else if (message.type !== 'audit') this.#kept.push(message);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    this.#wake();
  }

  #news(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** One viewer of the agent. */
export interface Viewer {
  readonly client: UsbClient;
  readonly device: ReturnType<typeof fingerprint>;
  /** Its connection is lost; what it held waits for it. */
  detach(): void;
}

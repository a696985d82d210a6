import { randomBytes } from 'node:crypto';
import { type AgentMethod, type FromAgent, fingerprint, Reader } from '@usher/protocol';
import type { UsbClient } from '@usher/usb';
import { HostEnd, type MessageOf } from '../../../packages/usb-agent/testing/host-end.ts';
import type { GuestProcess } from '../vm/guest-link.ts';
import { type Machine, PROJECT } from '../vm/machine.ts';
import { speakingBaseOnly } from './base-protocol.ts';

/** Longest time for one answer of an agent on an emulated machine. */
const PATIENCE_MS = 60_000;
const AGENT = `${PROJECT}/packages/usb-agent/dist/main.js`;

export interface AgentOptions {
  /** Its state directory in the guest, `/home/visitor/.usher` where it isn't named. */
  readonly home?: string;
}

export type Protocol = 'base' | 'v2';

/** The packaged agent in the guest, as its ordinary user, with the host's end of its link here. Questions to the operator are answered yes. */
export class GuestAgent implements AsyncDisposable {
  readonly process: GuestProcess;
  readonly #host: HostEnd;
  #lastLink = 0;

  private constructor(process: GuestProcess) {
    this.process = process;
    this.#host = new HostEnd(
      { write: (bytes) => process.write(bytes), isRunning: () => process.isRunning, log: () => process.complaints },
      { patienceMs: PATIENCE_MS, dealWith: (message) => this.#dealWith(message) },
    );
    process.on('output', (bytes) => this.#host.hear(bytes));
    void process.ended.then(() => this.#host.wake());
  }

  static async start(machine: Machine, { home = '/home/visitor/.usher' }: AgentOptions): Promise<GuestAgent> {
    const command = ['node', AGENT, '--home', home, '--backend', 'libusb'];
    const agent = new GuestAgent(machine.start(command, { asUser: true, directory: '/home/visitor' }));
    const { backend, problem } = await agent.#host.waitFor('ready');
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
    const client = this.#host.attach(link, device, protocol === 'base' ? speakingBaseOnly : undefined);
    return {
      client,
      device,
      detach: () => {
        this.#host.detach(link);
        client.shutdown();
      },
    };
  }

  async request(method: AgentMethod, params: unknown = {}): Promise<Reader> {
    return Reader.of(await this.#host.request(method, params), method);
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

  waitFor<Type extends FromAgent['type']>(type: Type, fits?: (message: MessageOf<Type>) => boolean): Promise<MessageOf<Type>> {
    return this.#host.waitFor(type, fits);
  }

  /** As when the host ends: its exit status, or the signal. */
  async end(): Promise<number | string> {
    this.process.endInput();
    return this.process.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.kill();
  }

  #dealWith(message: FromAgent): boolean {
    if (message.type === 'prompt') this.#host.send({ type: 'prompt-answer', id: message.id, allow: true, remember: false });
    return message.type === 'prompt' || message.type === 'audit';
  }
}

/** One viewer of the agent. */
export interface Viewer {
  readonly client: UsbClient;
  readonly device: ReturnType<typeof fingerprint>;
  /** Its connection is lost; what it held waits for it. */
  detach(): void;
}

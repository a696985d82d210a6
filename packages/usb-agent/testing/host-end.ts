import {
  type AgentMethod,
  decodeFromAgent,
  EnvelopeDecoder,
  encodeToAgent,
  envelope,
  type Fingerprint,
  type FromAgent,
  MAX_AGENT_MESSAGE,
  OPERATOR,
  type ToAgent,
} from '@usher/protocol';
import { UsbClient } from '@usher/usb';

/** Messages that are kept for a later `waitFor`. */
const KEPT_MAX = 1000;

export type MessageOf<Type extends FromAgent['type']> = Extract<FromAgent, { type: Type }>;

/** An agent that runs, wherever it does. */
export interface RunningAgent {
  write(bytes: Uint8Array): void;
  isRunning(): boolean;
  /** What it has logged, for whoever waits in vain. */
  log(): string;
}

type SendFrame = (frame: Uint8Array) => void | Promise<void>;

interface Manners {
  /** Longest time for one message to come. */
  readonly patienceMs: number;
  /** Sees each message first; what it has dealt with is not kept. */
  readonly dealWith?: (message: FromAgent) => boolean;
}

/** The host's end of an agent's link: viewers are attached to it, requests made, and what the agent says is kept until somebody waits for it. */
export class HostEnd {
  readonly #agent: RunningAgent;
  readonly #manners: Manners;
  readonly #decoder = new EnvelopeDecoder(MAX_AGENT_MESSAGE);
  readonly #kept: FromAgent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #clients = new Map<number, UsbClient>();
  #lastRequest = 0;

  constructor(agent: RunningAgent, manners: Manners) {
    this.#agent = agent;
    this.#manners = manners;
  }

  /** What the agent wrote. */
  hear(bytes: Uint8Array): void {
    for (const message of this.#decoder.push(bytes)) this.#take(decodeFromAgent(message));
  }

  /** Something is new, or the agent is no more: who waits looks again. */
  wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  send(message: ToAgent): void {
    this.#agent.write(envelope(encodeToAgent(message)));
  }

  /** A viewer, with its channel relayed as the host relays it; `over` may put something between the viewer and the link. */
  attach(link: number, device: Fingerprint, over: (send: SendFrame) => SendFrame = (send) => send): UsbClient {
    this.send({ type: 'attach', link, device, profile: OPERATOR, viewerName: 'test' });
    const client = new UsbClient({ send: over((frame) => this.send({ type: 'frame', link, frame })) });
    this.#clients.set(link, client);
    return client;
  }

  detach(link: number): void {
    this.#clients.delete(link);
    this.send({ type: 'detach', link });
  }

  async request(method: AgentMethod, params: unknown = {}): Promise<unknown> {
    this.#lastRequest += 1;
    const id = this.#lastRequest;
    this.send({ type: 'request', id, method, params });
    const reply = await this.waitFor('reply', (message) => message.id === id);
    return reply.result;
  }

  /** The first message of a type that fits, taken off; waits for it. */
  async waitFor<Type extends FromAgent['type']>(
    type: Type,
    fits: (message: MessageOf<Type>) => boolean = () => true,
  ): Promise<MessageOf<Type>> {
    const isWanted = (message: FromAgent): message is MessageOf<Type> => message.type === type && fits(message as MessageOf<Type>); // its type was just compared
    const deadline = performance.now() + this.#manners.patienceMs;
    for (;;) {
      const found = this.#kept.find(isWanted);
      if (found !== undefined) {
        this.#kept.splice(this.#kept.indexOf(found), 1);
        return found;
      }
      const left = deadline - performance.now();
      if (left <= 0 || !this.#agent.isRunning()) throw new Error(`no ${type} came; the agent said:\n${this.#agent.log()}`);
      await this.#news(left);
    }
  }

  #take(message: FromAgent): void {
    if (message.type === 'frame') this.#clients.get(message.link)?.receive(message.frame);
    else if (this.#manners.dealWith?.(message) !== true) this.#kept.push(message);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    this.wake();
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
}

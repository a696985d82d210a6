import { CodedError, type FromAgent, type ToAgent, toWire } from '@usher/protocol';
import { AbuseMeter, type ClaimTable, type Clock, type UsbAuditEntry, type UsbBackend, UsbProvider } from '@usher/usb';
import { accessOf } from './access.ts';
import type { AclStore } from './acl-store.ts';
import type { HotplugLog } from './hotplug-log.ts';
import { answerRequest, eventDocument } from './requests.ts';

/** Viewers at once. The host lets fewer in; this bounds the agent's memory should it be wrong. */
const MAX_LINKS = 64;
/** Viewers whose strikes are remembered after they left. */
const MAX_METERS = 1024;
/**
 * Frames of one link that the host hasn't taken yet. A transfer sends one fragment at a time and waits for it, so an honest viewer has at
 * most 128 a claim (rule U13), 512 in all; what piles up beyond is answers to noise. At 16 KiB each it is 16 MiB at most.
 */
const MAX_BACKLOG = 1024;

export interface LinkServerOptions {
  readonly backend: UsbBackend;
  readonly claims: ClaimTable;
  readonly store: AclStore;
  readonly hotplug: HotplugLog;
  readonly clock: Clock;
  /** Writes one message to the host; settles when the host has taken it. */
  readonly send: (message: FromAgent) => Promise<void>;
  /** A record of what a viewer was given or refused. */
  readonly audit: (entry: UsbAuditEntry & { readonly viewer: string; readonly profile: string }) => void;
}

interface Link {
  readonly provider: UsbProvider;
  backlog: number;
}

/** What the host and the agent say to each other (`agent-link.ts`): links are viewers' channels, requests are the operator's. */
export class LinkServer {
  readonly #options: LinkServerOptions;
  readonly #links = new Map<number, Link>();
  readonly #meters = new Map<string, AbuseMeter>();

  constructor(options: LinkServerOptions) {
    this.#options = options;
    options.backend.onHotplug((event) => {
      const numbered = options.hotplug.add(event);
      void options.send({ type: 'event', event: eventDocument(numbered) });
    });
    options.store.onChange(() => void options.claims.revokeDenied());
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'attach':
        this.#attach(message);
        return;
      case 'frame':
        // A frame for a link that was given up: the host's own detach is still on its way.
        this.#links.get(message.link)?.provider.receive(message.frame);
        return;
      case 'detach':
        this.#detach(message.link);
        return;
      case 'request':
        void this.#answer(message);
        return;
      case 'prompt-answer':
        return; // no question is open: rule A6
      default:
        message satisfies never;
    }
  }

  #attach(message: ToAgent & { type: 'attach' }): void {
    const { link, device, profile } = message;
    if (this.#links.has(link) || this.#links.size >= MAX_LINKS) {
      this.#tellDetached(link, new CodedError('session.limit', `the USB agent serves ${MAX_LINKS} viewers`));
      return;
    }
    const { backend, claims, store, audit } = this.#options;
    const provider = new UsbProvider({
      viewer: device,
      backend,
      claims,
      policy: accessOf(store, profile),
      abuse: this.#meterOf(device),
      audit: (entry) => audit({ ...entry, viewer: device, profile }),
      send: (frame) => this.#sendFrame(link, frame),
    });
    this.#links.set(link, { provider, backlog: 0 });
  }

  #detach(link: number): void {
    this.#links.get(link)?.provider.detach();
    this.#links.delete(link);
  }

  async #sendFrame(number: number, frame: Uint8Array): Promise<void> {
    const link = this.#links.get(number);
    if (link === undefined) return;
    if (link.backlog >= MAX_BACKLOG) {
      this.#detach(number);
      this.#tellDetached(number, new CodedError('session.viewer-too-slow', 'the viewer does not read its USB replies'));
      return;
    }
    link.backlog += 1;
    await this.#options.send({ type: 'frame', link: number, frame });
    link.backlog -= 1;
  }

  async #answer(message: ToAgent & { type: 'request' }): Promise<void> {
    const { id, method, params } = message;
    try {
      await this.#options.send({ type: 'reply', id, result: await answerRequest(this.#options, method, params) });
    } catch (error) {
      const { code, message: text } = toWire(error);
      await this.#options.send({ type: 'failed-reply', id, code, message: text });
    }
  }

  #tellDetached(link: number, reason: CodedError): void {
    void this.#options.send({ type: 'detached', link, code: reason.code, message: reason.message });
  }

  #meterOf(viewer: string): AbuseMeter {
    const known = this.#meters.get(viewer);
    if (known !== undefined) return known;
    const [oldest] = this.#meters.keys();
    if (oldest !== undefined && this.#meters.size >= MAX_METERS) this.#meters.delete(oldest);
    const meter = new AbuseMeter(this.#options.clock);
    this.#meters.set(viewer, meter);
    return meter;
  }
}

import { CodedError, type FromAgent, type ToAgent, toWire, type UsbAuditRow } from '@usher/protocol';
import { AbuseMeter, type ClaimTable, type Clock, type UsbBackend, UsbProvider } from '@usher/usb';
import { type Applicant, accessOf } from './access.ts';
import type { AclStore } from './acl-store.ts';
import { entryRow, recordRules } from './audit-rows.ts';
import type { HotplugLog } from './hotplug-log.ts';
import { LoopbackViewer } from './loopback/loopback-viewer.ts';
import { Prompts } from './prompts.ts';
import { answerRequest, eventDocument, type RequestContext } from './requests.ts';

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
  /** The agent's own log of what happened; the host's audit gets the same rows (rule A7). */
  readonly log: (row: UsbAuditRow) => void;
}

interface Link {
  readonly provider: UsbProvider;
  readonly applicant: Applicant;
  backlog: number;
  fromViewer: number;
  toViewer: number;
}

/** What the host and the agent say to each other (`agent-link.ts`): links are viewers' channels, requests are the operator's. */
export class LinkServer {
  readonly #options: LinkServerOptions;
  readonly #links = new Map<number, Link>();
  readonly #meters = new Map<string, AbuseMeter>();
  readonly #prompts: Prompts;
  readonly #requests: RequestContext;

  constructor(options: LinkServerOptions) {
    this.#options = options;
    this.#prompts = new Prompts(options.clock, (message) => void options.send(message));
    const parts = { ...options, prompts: this.#prompts, audit: (row: UsbAuditRow) => this.#record(row) };
    this.#requests = { ...parts, loopback: new LoopbackViewer(parts), links: () => this.#statistics() };
    recordRules(options.store, parts.audit);
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
        this.#frame(message.link, message.frame);
        return;
      case 'detach':
        this.#detach(message.link);
        return;
      case 'request':
        void this.#answer(message);
        return;
      case 'prompt-answer':
        this.#prompts.answer(message.id, message);
        return;
      default:
        message satisfies never;
    }
  }

  #attach({ link, device, profile, viewerName }: ToAgent & { type: 'attach' }): void {
    if (this.#links.has(link) || this.#links.size >= MAX_LINKS) {
      this.#tellDetached(link, new CodedError('session.limit', `the USB agent serves ${MAX_LINKS} viewers`));
      return;
    }
    const { backend, claims, store } = this.#options;
    const applicant = { viewer: device, viewerName, profile };
    const audit = (row: UsbAuditRow) => this.#record(row);
    const provider = new UsbProvider({
      viewer: device,
      backend,
      claims,
      policy: accessOf({ store, applicant, prompts: this.#prompts, audit }),
      abuse: this.#meterOf(device),
      audit: (entry) => audit({ ...applicant, ...entryRow(entry) }),
      send: (frame) => this.#sendFrame(link, frame),
    });
    this.#links.set(link, { provider, applicant, backlog: 0, fromViewer: 0, toViewer: 0 });
  }

  #frame(number: number, frame: Uint8Array): void {
    const link = this.#links.get(number);
    if (link === undefined) return; // it was given up: the host's own detach is still on its way
    link.fromViewer += frame.length;
    link.provider.receive(frame);
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
    link.toViewer += frame.length;
    await this.#options.send({ type: 'frame', link: number, frame });
    link.backlog -= 1;
  }

  async #answer(message: ToAgent & { type: 'request' }): Promise<void> {
    const { id, method, params } = message;
    try {
      await this.#options.send({ type: 'reply', id, result: await answerRequest(this.#requests, method, params) });
    } catch (error) {
      const { code, message: text } = toWire(error);
      await this.#options.send({ type: 'failed-reply', id, code, message: text });
    }
  }

  #record(row: UsbAuditRow): void {
    this.#options.log(row);
    void this.#options.send({ type: 'audit', row });
  }

  #statistics() {
    return [...this.#links].map(([link, { applicant, backlog, fromViewer, toViewer }]) => ({
      ...{ link, ...applicant, fromViewer, toViewer, waiting: backlog },
    }));
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

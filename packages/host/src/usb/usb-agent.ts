import { BackOff } from '@usher/domain';
import { type AgentMethod, CodedError, type UsbAuditRow } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { StartChild } from '../processes/child.ts';
import type { AuditLog } from '../profile-services.ts';
import type { OpenPrompt, PromptAnswer, UsbAgent, UsbNews } from '../services.ts';
import type { PeerChannel } from '../webrtc/peer.ts';
import { AgentRun } from './agent-run.ts';
import { auditRecordOf } from './usb-audit.ts';
import { type UsbDestination, UsbLink, type UsbViewer } from './usb-link.ts';

/** The usb-agent as the API sees it, and as a viewer's channel sees it. */
export interface UsbLinks extends UsbAgent {
  /** Takes over a viewer's channel `usb`; its end is the channel's. Call it inside the `onChannel` listener. */
  attach(viewer: UsbViewer, channel: PeerChannel): void;
  /** Ends the agent. */
  stop(): Promise<void>;
}

export interface UsbAgentOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly startAgent: StartChild;
  readonly audit: Pick<AuditLog, 'append'>;
  /** The flag at start (requirement U3.6); off means that the agent isn't even started. */
  readonly enabled: boolean;
}

export function createUsbAgent(options: UsbAgentOptions): UsbLinks {
  return new SupervisedAgent(options);
}

/** Runs the agent while the flag is on, and starts it again, with a growing wait, where it ended by itself. */
class SupervisedAgent implements UsbLinks, UsbDestination {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #startAgent: StartChild;
  readonly #audit: Pick<AuditLog, 'append'>;
  readonly #backOff = new BackOff();
  readonly #links = new Set<UsbLink>();
  /** Links that the running agent knows, by their number there. */
  readonly #attached = new Map<number, UsbLink>();
  readonly #listeners = new Set<(news: UsbNews) => void>();
  #lastLink = 0;
  #enabled: boolean;
  #run: AgentRun | undefined;
  /** The run was told to end, and hasn't yet. */
  #ending = false;
  #problem: string | undefined;
  #cancelRestart = (): void => {};

  constructor({ clock, log, startAgent, audit, enabled }: UsbAgentOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#startAgent = startAgent;
    this.#audit = audit;
    this.#enabled = enabled;
    if (enabled) this.#start();
  }

  enabled(): boolean {
    return this.#enabled;
  }

  setEnabled(enabled: boolean): void {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    this.#log.info({ enabled }, 'usb passthrough was switched');
    void this.#audit.append({ event: 'usb.sharing', principal: 'operator', fields: { enabled } });
    if (enabled) this.#start();
    else void this.#end(disabled());
    this.#tellSharing();
  }

  status(): { readonly running: boolean; readonly backend?: string; readonly problem?: string } {
    const ready = this.#ending ? undefined : this.#run?.ready;
    if (ready !== undefined) return { running: true, ...ready };
    return { running: false, ...(this.#problem === undefined || !this.#enabled ? {} : { problem: this.#problem }) };
  }

  async request(method: AgentMethod, params: unknown, withinMs?: number): Promise<unknown> {
    if (this.#run === undefined || this.#ending) throw unavailable();
    return this.#run.request(method, params, withinMs);
  }

  prompts(): readonly OpenPrompt[] {
    return this.#run?.prompts() ?? [];
  }

  answer(id: string, answer: PromptAnswer): boolean {
    return this.#run?.answer(id, answer) ?? false;
  }

  onNews(listener: (news: UsbNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(viewer: UsbViewer, channel: PeerChannel): void {
    this.#links.add(new UsbLink(viewer, channel, this, this.#clock));
  }

  async stop(): Promise<void> {
    this.#enabled = false;
    await this.#end(new CodedError('session.host-stopping', 'the host is stopping'));
  }

  refusal(): CodedError | undefined {
    if (!this.#enabled) return disabled();
    return this.#run === undefined || this.#ending ? unavailable() : undefined;
  }

  forward(link: UsbLink, frame: Uint8Array, written: () => void): void {
    this.#run?.send({ type: 'frame', link: this.#numberOf(link) ?? this.#introduce(link), frame }, written);
  }

  gone(link: UsbLink): void {
    this.#links.delete(link);
    const number = this.#numberOf(link);
    if (number === undefined) return;
    this.#attached.delete(number);
    this.#run?.send({ type: 'detach', link: number });
  }

  #start(): void {
    this.#cancelRestart();
    if (this.#run !== undefined) return; // it is ending; its end starts the next one
    const begunMs = this.#clock.now();
    this.#run = new AgentRun(this.#startAgent, this.#clock, {
      frame: (link, frame) => this.#attached.get(link)?.deliver(frame),
      detached: (link, reason) => this.#giveUp(link, reason),
      ready: () => this.#tellSharing(),
      news: (news) => this.#tell(news),
      audit: (row) => this.#record(row),
      ended: (problem) => this.#ended(problem, this.#clock.now() - begunMs),
    });
    this.#log.info('the usb-agent starts');
  }

  async #end(reason: CodedError): Promise<void> {
    this.#cancelRestart();
    this.#withdrawAll(reason);
    this.#ending = this.#run !== undefined;
    await this.#run?.stop();
  }

  #ended(problem: string, ranMs: number): void {
    const wanted = this.#ending;
    this.#run = undefined;
    this.#ending = false;
    this.#problem = wanted ? undefined : problem;
    if (!wanted) {
      this.#log.warn({ problem }, 'the usb-agent ended');
      this.#backOff.failed(this.#clock.now(), ranMs);
      this.#withdrawAll(unavailable());
    }
    this.#tellSharing();
    if (this.#enabled) this.#cancelRestart = this.#clock.after(this.#backOff.waitMs(this.#clock.now()), () => this.#start());
  }

  #tell(news: UsbNews): void {
    for (const listener of this.#listeners) listener(news);
  }

  #tellSharing(): void {
    this.#tell({ kind: 'sharing', enabled: this.#enabled, running: this.status().running });
  }

  /** The audit bounds what waits for its disk, and says how much it had to leave out. */
  #record(row: UsbAuditRow): void {
    void this.#audit.append(auditRecordOf(row));
  }

  #withdrawAll(reason: CodedError): void {
    this.#attached.clear();
    for (const link of this.#links) link.withdraw(reason);
  }

  #giveUp(number: number, reason: CodedError): void {
    const link = this.#attached.get(number);
    this.#attached.delete(number);
    link?.end(reason);
  }

  /** Numbers are never used twice while the host runs (rule A3). */
  #introduce(link: UsbLink): number {
    this.#lastLink += 1;
    this.#attached.set(this.#lastLink, link);
    const { device, profile, name } = link.viewer;
    this.#run?.send({ type: 'attach', link: this.#lastLink, device, profile, viewerName: name });
    return this.#lastLink;
  }

  #numberOf(link: UsbLink): number | undefined {
    for (const [number, attached] of this.#attached) if (attached === link) return number;
    return undefined;
  }
}

/** Why it doesn't run is the operator's business: {@link SupervisedAgent.status} has it, and the log. */
function unavailable(): CodedError {
  return new CodedError('usb.backend-unavailable', 'usb backend unavailable: the usb-agent is not running');
}

function disabled(): CodedError {
  return new CodedError('usb.disabled', 'usb passthrough disabled');
}

import {
  type AgentMethod,
  CodedError,
  decodeFromAgent,
  encodeToAgent,
  type FromAgent,
  isCoded,
  type ToAgent,
  type UsbAuditRow,
} from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Child, StartChild } from '../processes/child.ts';
import type { OpenPrompt, PromptAnswer, UsbNews } from '../services.ts';
import { OpenPrompts } from './open-prompts.ts';
import { FRAME_MAX } from './usb-link.ts';

/** From start to `ready`: loading libusb and reading the ACL takes well under a second. */
const READY_WITHIN_MS = 15_000;
/** An API call waits this long for the agent (services.ts, `UsbAgent.request`). */
const ANSWERS_WITHIN_MS = 10_000;
/** API calls under way: the console asks for three things at a time. */
const REQUESTS_MAX = 32;
/** An agent that has this much unread has stopped reading: each viewer may have 10 MiB under way. */
const LOST_AT = 64 * 1024 * 1024;

export interface AgentRunEvents {
  frame(link: number, frame: Uint8Array): void;
  detached(link: number, reason: CodedError): void;
  /** It knows its devices, and takes requests and frames. */
  ready(): void;
  news(news: UsbNews): void;
  audit(row: UsbAuditRow): void;
  /** Called once; nothing is called after it. */
  ended(problem: string): void;
}

interface PendingRequest {
  resolve(result: unknown): void;
  reject(reason: CodedError): void;
  cancelTimeout(): void;
}

/** One run of the usb-agent: the agent link (rules A1–A9) over a child process. */
export class AgentRun {
  readonly #clock: Clock;
  readonly #child: Child;
  readonly #events: AgentRunEvents;
  readonly #requests = new Map<number, PendingRequest>();
  readonly #prompts: OpenPrompts;
  readonly #cancelReady: () => void;
  #ready: { readonly backend: string; readonly problem?: string } | undefined;
  #problem: string | undefined;
  #lastRequest = 0;

  constructor(startChild: StartChild, clock: Clock, events: AgentRunEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#prompts = new OpenPrompts(clock, (news) => events.news(news));
    this.#child = startChild({
      message: (message) => this.#read(message),
      ended: (problem) => this.#ended(this.#problem ?? problem),
    });
    this.#cancelReady = clock.after(READY_WITHIN_MS, () => this.#giveUp('it was not ready in time'));
  }

  /** Undefined until the agent has said which backend it works with. */
  get ready(): { readonly backend: string; readonly problem?: string } | undefined {
    return this.#ready;
  }

  /** `written` is called once the message has left this process. */
  send(message: ToAgent, written?: () => void): void {
    if (this.#child.queuedBytes() > LOST_AT) this.#giveUp('it stopped reading');
    else this.#child.send(encodeToAgent(message), written);
  }

  prompts(): readonly OpenPrompt[] {
    return this.#prompts.list();
  }

  /** False where the question isn't open. */
  answer(prompt: string, answer: PromptAnswer): boolean {
    const id = this.#prompts.take(prompt);
    if (id === undefined) return false;
    this.send({ type: 'prompt-answer', id, allow: answer.allow, remember: answer.remember });
    return true;
  }

  request(method: AgentMethod, params: unknown, withinMs = ANSWERS_WITHIN_MS): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#requests.size >= REQUESTS_MAX) {
        reject(new CodedError('api.rate-limited', 'too many questions to the usb-agent at a time', { retrySeconds: 1 }));
        return;
      }
      this.#lastRequest += 1;
      const id = this.#lastRequest;
      const cancelTimeout = this.#clock.after(withinMs, () => {
        this.#requests.delete(id);
        reject(new CodedError('usb.backend-unavailable', 'the usb-agent did not answer in time'));
      });
      this.#requests.set(id, { resolve, reject, cancelTimeout });
      this.send({ type: 'request', id, method, params });
    });
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }

  #read(bytes: Uint8Array): void {
    if (this.#problem !== undefined) return;
    try {
      this.#take(decodeFromAgent(bytes));
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#giveUp(`it sent noise: ${error.message}`);
    }
  }

  #take(message: FromAgent): void {
    switch (message.type) {
      case 'ready':
        this.#cancelReady();
        this.#ready = { backend: message.backend, ...(message.problem === undefined ? {} : { problem: message.problem }) };
        this.#events.ready();
        return;
      case 'frame':
        if (message.frame.length > FRAME_MAX) throw new CodedError('frame.oversized', `a frame of ${message.frame.length} bytes`);
        this.#events.frame(message.link, message.frame);
        return;
      case 'detached':
        this.#events.detached(message.link, new CodedError(message.code, message.message));
        return;
      case 'reply':
        this.#settle(message.id, (request) => request.resolve(message.result));
        return;
      case 'failed-reply':
        this.#settle(message.id, (request) => request.reject(new CodedError(message.code, message.message)));
        return;
      case 'event':
        this.#events.news({ kind: 'hotplug', event: message.event });
        return;
      case 'prompt':
        this.#prompts.add(message.id, message.prompt);
        return;
      case 'prompt-withdrawn':
        this.#prompts.close(message.id, message.reason);
        return;
      case 'audit':
        this.#events.audit(message.row);
        return;
      default:
        message satisfies never;
    }
  }

  #settle(id: number, how: (request: PendingRequest) => void): void {
    const request = this.#requests.get(id);
    if (request === undefined) return; // answered after its time
    this.#requests.delete(id);
    request.cancelTimeout();
    how(request);
  }

  #giveUp(problem: string): void {
    this.#problem ??= problem;
    this.#child.kill();
  }

  #ended(problem: string): void {
    this.#cancelReady();
    this.#prompts.closeAll();
    for (const id of [...this.#requests.keys()]) {
      this.#settle(id, (request) => request.reject(new CodedError('usb.backend-unavailable', 'the usb-agent ended')));
    }
    this.#events.ended(problem);
  }
}

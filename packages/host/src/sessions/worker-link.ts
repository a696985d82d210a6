import {
  type CodedError,
  decodeWorkerMessage,
  encodeHostMessage,
  type HostMessage,
  InputKind,
  isCoded,
  type WorkerMessage,
} from '@usher/protocol';
import type { Child, StartChild } from '../processes/child.ts';

/** A worker that has this much unread doesn't keep up: pointer motion is left out. */
const MOTION_STOPS_AT = 64 * 1024;
/** A worker that has this much unread has stopped reading: some 50,000 input events. */
const LOST_AT = 1024 * 1024;

/** One worker: typed messages both ways, and an end. */
export interface WorkerLink {
  send(message: HostMessage): void;
  /** See {@link Child.stop}. */
  stop(): Promise<void>;
}

export interface WorkerEvents {
  message(message: WorkerMessage): void;
  /** Called once; nothing is called after it. `refusal` is why none was started, where that is more than a failure of the worker. */
  ended(problem: string, refusal?: CodedError): void;
}

/** Starts a worker. Never throws, and calls nothing before it has returned: one that can't be started has `ended`. */
export type StartWorker = (events: WorkerEvents) => WorkerLink;

/** The relay (rules W1–W9) over a child process, or over what stands for one. A worker that sends noise, or that doesn't read, is ended. */
export function workerStarter(startChild: StartChild): StartWorker {
  return (events) => new RelayLink(startChild, events);
}

class RelayLink implements WorkerLink {
  readonly #child: Child;
  readonly #events: WorkerEvents;
  #problem: string | undefined;

  constructor(startChild: StartChild, events: WorkerEvents) {
    this.#events = events;
    this.#child = startChild({
      message: (message) => this.#read(message),
      ended: (problem, refusal) => events.ended(this.#problem ?? problem, refusal),
    });
  }

  send(message: HostMessage): void {
    const queued = this.#child.queuedBytes();
    if (queued > LOST_AT) {
      this.#giveUp('it stopped reading');
      return;
    }
    const bounded = queued > MOTION_STOPS_AT ? withoutMotion(message) : message;
    if (bounded !== undefined) this.#child.send(encodeHostMessage(bounded));
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }

  #read(bytes: Uint8Array): void {
    if (this.#problem !== undefined) return;
    let message: WorkerMessage;
    try {
      message = decodeWorkerMessage(bytes);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#giveUp(`it sent noise: ${error.message}`);
      return;
    }
    this.#events.message(message);
  }

  #giveUp(problem: string): void {
    this.#problem ??= problem;
    this.#child.kill();
  }
}

function withoutMotion(message: HostMessage): HostMessage | undefined {
  if (message.type !== 'input') return message;
  const events = message.events.filter(({ kind }) => kind !== InputKind.PointerMoveBy && kind !== InputKind.PointerMoveTo);
  return events.length === 0 ? undefined : { ...message, events };
}

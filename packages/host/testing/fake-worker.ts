import { type CodedError, type HostMessage, type Mode, VideoCodec, type VideoUnit, type WorkerMessage } from '@usher/protocol';
import type { StartWorker, WorkerEvents, WorkerLink } from '../src/sessions/worker-link.ts';

/** Starts workers in memory and keeps them, oldest first. */
export class FakeWorkers {
  readonly started: FakeWorker[] = [];
  /** Off: a worker says nothing until the test makes it. */
  getsReady = true;

  readonly start: StartWorker = (events) => {
    const worker = new FakeWorker(events, this.getsReady);
    this.started.push(worker);
    return worker;
  };

  get latest(): FakeWorker {
    const worker = this.started.at(-1);
    if (worker === undefined) throw new RangeError('no worker was started');
    return worker;
  }
}

/** A worker that opens every display and takes every size. */
export class FakeWorker implements WorkerLink {
  /** What the host said, oldest first. */
  readonly heard: HostMessage[] = [];
  /** Off: a resize is answered by the test. */
  answersResize = true;
  /** Off: a launch is answered by the test. */
  answersLaunch = true;
  /** Why no title can be started; undefined where each can. */
  titleProblem: string | undefined;
  readonly #events: WorkerEvents;
  readonly #getsReady: boolean;
  #ended = false;

  constructor(events: WorkerEvents, getsReady: boolean) {
    this.#events = events;
    this.#getsReady = getsReady;
  }

  send(message: HostMessage): void {
    if (this.#ended) return;
    this.heard.push(message);
    if (message.type === 'start' && this.#getsReady) this.ready(message.mode);
    if (message.type === 'launch' && this.answersLaunch) {
      this.say({ type: 'launched', title: message.title, ...(this.titleProblem === undefined ? {} : { problem: this.titleProblem }) });
    }
    if (message.type === 'resize' && this.answersResize) this.say({ type: 'resized', accepted: true, mode: message.mode });
  }

  async stop(): Promise<void> {
    this.end('it was told to end');
    await Promise.resolve();
  }

  ready(mode: Mode): void {
    this.say({ type: 'ready', mode, display: ':99', audio: true });
  }

  say(message: WorkerMessage): void {
    queueMicrotask(() => {
      if (!this.#ended) this.#events.message(message);
    });
  }

  end(problem = 'it was ended by SIGKILL', refusal?: CodedError): void {
    if (this.#ended) return;
    this.#ended = true;
    queueMicrotask(() => this.#events.ended(problem, refusal));
  }

  /** What it heard of one type, oldest first. */
  of<Type extends HostMessage['type']>(type: Type): readonly Extract<HostMessage, { type: Type }>[] {
    return this.heard.filter((message): message is Extract<HostMessage, { type: Type }> => message.type === type);
  }
}

export function picture(overrides: Partial<VideoUnit> = {}): VideoUnit {
  return {
    type: 'video',
    codec: VideoCodec.H264,
    key: true,
    width: 1280,
    height: 720,
    changedUs: 1n,
    capturedUs: 2n,
    data: Uint8Array.of(0, 0, 0, 1, 0x65),
    ...overrides,
  };
}

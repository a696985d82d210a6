import { BackOff } from '@usher/domain';
import { CodedError, type DisplayChoice, type ErrorCode, type Mode, type WorkerMessage } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { Desktop } from './desktop.ts';
import type { StartWorker, WorkerEvents, WorkerLink } from './worker-link.ts';

/** From start to `ready`: a display, a window manager and a sound server on two slow cores take a few seconds. */
const WORKER_READY_WITHIN_MS = 15_000;

export interface KeptDesktopOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly startWorker: StartWorker;
  readonly display: DisplayChoice;
}

/**
 * One account's worker: started when the first viewer comes, kept when the last one leaves (the desktop stays as it is), started again
 * on the next visit where it ended by itself, with a growing wait where it keeps ending.
 */
export class KeptDesktop {
  readonly #options: KeptDesktopOptions;
  readonly #backOff = new BackOff();
  #run: WorkerRun | undefined;
  #stopped = false;

  constructor(options: KeptDesktopOptions) {
    this.#options = options;
  }

  /** The desktop that runs, or a new one in the size given. Rejects with `session.worker-lost`, a code `worker.*`, or as the starter says. */
  async open(mode: Mode): Promise<Desktop> {
    if (this.#stopped) throw new CodedError('session.host-stopping', 'the host is stopping');
    this.#run ??= this.#start(mode);
    return this.#run.desktop;
  }

  /** For good; `reason` is what a viewer hears that waits for it. */
  async stop(reason = new CodedError('session.host-stopping', 'the host is stopping')): Promise<void> {
    this.#stopped = true;
    await this.#run?.stop(reason);
  }

  #start(mode: Mode): WorkerRun {
    const { clock, log } = this.#options;
    const waitMs = this.#backOff.waitMs(clock.now());
    if (waitMs > 0) {
      const retrySeconds = Math.ceil(waitMs / 1000);
      throw new CodedError('session.worker-lost', `the desktop keeps ending; try again in ${retrySeconds} seconds`, { retrySeconds });
    }
    const begunMs = clock.now();
    const run = new WorkerRun(this.#options, mode, (problem, refusal) => {
      if (this.#run === run) this.#run = undefined;
      if (this.#stopped) return;
      log.warn({ problem }, 'the worker ended');
      // What was refused costs nothing to ask again, and the operator may have mended it.
      if (refusal === undefined) this.#backOff.failed(clock.now(), clock.now() - begunMs);
    });
    log.info({ width: mode.width, height: mode.height }, 'the worker starts');
    return run;
  }
}

/** One worker from its start to its end. */
class WorkerRun {
  readonly desktop: Promise<Desktop>;
  readonly #options: KeptDesktopOptions;
  readonly #link: WorkerLink;
  readonly #resolve: (desktop: Desktop) => void;
  readonly #reject: (reason: CodedError) => void;
  readonly #cancelTimeout: () => void;
  #desktop: Desktop | undefined;
  #failure: CodedError | undefined;

  constructor(options: KeptDesktopOptions, mode: Mode, onEnded: WorkerEvents['ended']) {
    this.#options = options;
    const { clock, display, startWorker } = options;
    const { promise, resolve, reject } = deferred<Desktop>();
    this.desktop = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#link = startWorker({
      message: (message) => this.#take(message),
      ended: (problem, refusal) => {
        this.#ended(refusal);
        onEnded(problem, refusal);
      },
    });
    this.#cancelTimeout = clock.after(WORKER_READY_WITHIN_MS, () => {
      this.#failure ??= lost('the desktop did not open in time');
      void this.#link.stop();
    });
    this.#link.send({ type: 'start', mode, display, audio: true });
  }

  async stop(reason: CodedError): Promise<void> {
    this.#failure ??= reason;
    await this.#link.stop();
  }

  #take(message: WorkerMessage): void {
    switch (message.type) {
      case 'hello':
        for (const problem of message.lacks) this.#options.log.warn({ account: message.account, problem }, 'the account lacks something');
        return;
      case 'ready':
        this.#open(message);
        return;
      case 'failed':
        this.#options.log.error({ code: message.code, problem: message.message }, 'the worker failed');
        this.#failure ??= isWorkerCode(message.code) ? new CodedError(message.code, message.message) : lost('the desktop failed');
        return;
      case 'video':
      case 'audio':
      case 'cursor':
      case 'resized':
      case 'launched':
        this.#desktop?.take(message);
        return;
      default:
        message satisfies never;
    }
  }

  #open(ready: WorkerMessage & { readonly type: 'ready' }): void {
    if (this.#desktop !== undefined || this.#failure !== undefined) return;
    this.#cancelTimeout();
    const { clock, log } = this.#options;
    if (ready.audioProblem !== undefined) log.warn({ problem: ready.audioProblem }, 'the desktop has no sound');
    log.info({ display: ready.display, width: ready.mode.width, height: ready.mode.height, audio: ready.audio }, 'the desktop is open');
    this.#desktop = new Desktop(ready.mode, clock, (message) => this.#link.send(message));
    this.#resolve(this.#desktop);
  }

  #ended(refusal: CodedError | undefined): void {
    this.#cancelTimeout();
    const reason = this.#failure ?? refusal ?? lost('the desktop ended');
    this.#reject(reason);
    this.#desktop?.lose(reason);
  }
}

/** A worker speaks for itself only: another code from it is no more than "it ended". */
function isWorkerCode(code: ErrorCode): boolean {
  return code.startsWith('worker.');
}

function lost(message: string): CodedError {
  return new CodedError('session.worker-lost', message);
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

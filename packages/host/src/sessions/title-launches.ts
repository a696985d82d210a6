import { CodedError, type HostMessage, type WorkerMessage } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Launch } from '../library/launchable.ts';

/** Time for a worker to start one program; forking takes milliseconds, on a machine that swaps some more. */
const LAUNCHED_WITHIN_MS = 10_000;

interface Waiting {
  resolve(): void;
  reject(reason: CodedError): void;
}

/** The titles that one worker was asked to start, and who waits for its word (rule W10). */
export class TitleLaunches {
  readonly #clock: Clock;
  readonly #send: (message: HostMessage) => void;
  readonly #waiting = new Map<string, Set<Waiting>>();

  constructor(clock: Clock, send: (message: HostMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Resolves once the title runs. Rejects with `session.title-failed`, or with what the worker was lost to. */
  launch({ title, command }: Launch): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(title) ?? new Set();
      const settle = (act: () => void): void => {
        cancel();
        waiting.delete(one);
        if (waiting.size === 0) this.#waiting.delete(title);
        act();
      };
      const one: Waiting = { resolve: () => settle(resolve), reject: (reason) => settle(() => reject(reason)) };
      const cancel = this.#clock.after(LAUNCHED_WITHIN_MS, () => one.reject(failed('the desktop did not say in time whether it runs')));
      waiting.add(one);
      this.#waiting.set(title, waiting);
      this.#send({ type: 'launch', title, command });
    });
  }

  /** The worker's answers come in the order of the questions; each is for everybody who asked for the title so far, because it is the same. */
  answered({ title, problem }: WorkerMessage & { readonly type: 'launched' }): void {
    for (const one of [...(this.#waiting.get(title) ?? [])]) {
      if (problem === undefined) one.resolve();
      else one.reject(failed(problem));
    }
  }

  /** The worker has gone. */
  lose(reason: CodedError): void {
    for (const waiting of [...this.#waiting.values()]) for (const one of [...waiting]) one.reject(reason);
  }
}

function failed(problem: string): CodedError {
  return new CodedError('session.title-failed', `the title can't be started: ${problem}`);
}

import type { FromAgent, PromptEnd, UsbPrompt } from '@usher/protocol';
import { type Clock, DEVICE_GONE } from '@usher/usb';

/** How long the operator has (rule A6): long enough to walk to a screen, short enough for somebody who waits. */
const PATIENCE_MS = 30_000;
/** For a viewer that gives an OPEN up after ten seconds (usb-wire §9), and would never know of a claim that it got later. */
const SHORT_PATIENCE_MS = 9000;
/** Open questions: more than a person answers in the time. */
const QUESTIONS_MAX = 32;
/** Of one viewer, so that none can keep the others' from being asked. */
const QUESTIONS_PER_VIEWER = 4;

/** What came of a question. Without an answer it is a denial; `end` says why there was none. */
export interface PromptOutcome {
  readonly allow: boolean;
  readonly remember: boolean;
  readonly end: PromptEnd | 'too-many';
}

export interface Question extends Omit<UsbPrompt, 'expiresMs'> {
  readonly isPatient: boolean;
}

interface Open {
  readonly viewer: string;
  readonly settle: (outcome: PromptOutcome) => void;
}

/** The questions that wait for the operator (U3.3, rule A6). Who shows them and how is the host's: this only asks, waits and forgets. */
export class Prompts {
  readonly #clock: Clock;
  readonly #send: (message: FromAgent) => void;
  readonly #open = new Map<number, Open>();
  #lastId = 0;

  constructor(clock: Clock, send: (message: FromAgent) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Never rejects. `signal` aborts when nobody needs the answer any more. */
  ask({ isPatient, ...question }: Question, signal: AbortSignal): Promise<PromptOutcome> {
    const own = [...this.#open.values()].filter(({ viewer }) => viewer === question.viewer).length;
    if (this.#open.size >= QUESTIONS_MAX || own >= QUESTIONS_PER_VIEWER) return Promise.resolve(denied('too-many'));
    if (signal.aborted) return Promise.resolve(denied('viewer-left'));

    this.#lastId += 1;
    const id = this.#lastId;
    const patienceMs = isPatient ? PATIENCE_MS : SHORT_PATIENCE_MS;
    return new Promise((resolve) => {
      const stopTimer = this.#clock.after(patienceMs, () => settle(denied('expired')));
      const left = () => settle(denied(signal.reason === DEVICE_GONE ? 'device-gone' : 'viewer-left'));
      const settle = (outcome: PromptOutcome) => {
        if (!this.#open.delete(id)) return; // the first answer counts
        stopTimer();
        signal.removeEventListener('abort', left);
        if (outcome.end !== 'too-many') this.#send({ type: 'prompt-withdrawn', id, reason: outcome.end });
        resolve(outcome);
      };
      this.#open.set(id, { viewer: question.viewer, settle });
      signal.addEventListener('abort', left, { once: true });
      this.#send({ type: 'prompt', id, prompt: { ...question, expiresMs: patienceMs } });
    });
  }

  answer(id: number, { allow, remember }: { readonly allow: boolean; readonly remember: boolean }): void {
    this.#open.get(id)?.settle({ allow, remember, end: 'answered' });
  }
}

function denied(end: PromptOutcome['end']): PromptOutcome {
  return { allow: false, remember: false, end };
}

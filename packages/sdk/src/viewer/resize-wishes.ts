import { CodedError, type Mode, type Reconfigured } from '@usher/protocol';

/** A mode change rebuilds the encoder; measured under 0.3 s, so ten seconds mean that no answer comes any more. */
const ANSWER_MS = 10_000;

interface Wish {
  readonly mode: Mode;
  readonly callers: { resolve(answer: Reconfigured): void; reject(error: Error): void }[];
}

/**
 * A window that is dragged asks for a new size with every frame. One wish is under way at a time, and of those that come meanwhile
 * only the newest is sent; all of them get its answer. So at most two wishes exist, and answers can't be taken for another's.
 */
export class ResizeWishes {
  readonly #send: (mode: Mode) => void;
  #underWay: (Wish & { readonly timer: ReturnType<typeof setTimeout> }) | undefined;
  #next: Wish | undefined;
  #closed: Error | undefined;

  constructor(send: (mode: Mode) => void) {
    this.#send = send;
  }

  wish(mode: Mode): Promise<Reconfigured> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(this.#closed);
      this.#next = { mode, callers: [...(this.#next?.callers ?? []), { resolve, reject }] };
      if (this.#underWay === undefined) this.#sendNext();
    });
  }

  answered(answer: Reconfigured): void {
    const answered = this.#finish();
    for (const caller of answered) caller.resolve(answer);
    this.#sendNext();
  }

  close(error: Error): void {
    this.#closed = error;
    const waiting = [...this.#finish(), ...(this.#next?.callers ?? [])];
    this.#next = undefined;
    for (const caller of waiting) caller.reject(error);
  }

  #finish(): Wish['callers'] {
    clearTimeout(this.#underWay?.timer);
    const callers = this.#underWay?.callers ?? [];
    this.#underWay = undefined;
    return callers;
  }

  #sendNext(): void {
    const wish = this.#next;
    if (wish === undefined) return;
    this.#next = undefined;
    this.#underWay = { ...wish, timer: setTimeout(() => this.#late(), ANSWER_MS) };
    this.#send(wish.mode);
  }

  #late(): void {
    for (const caller of this.#finish())
      caller.reject(new CodedError('session.handshake-timeout', 'the host did not answer a change of size'));
    this.#sendNext();
  }
}

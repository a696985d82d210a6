import { randomBytes } from 'node:crypto';
import type { PromptEnd, UsbPrompt } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { OpenPrompt, UsbNews } from '../services.ts';

/** The agent has at most 32 questions open (rule A6); one that says more has lost count, and its questions expire by themselves. */
const PROMPTS_MAX = 64;
/** The agent says when a question is over; this ends one of an agent that forgot to. */
const GRACE_MS = 1000;

/** The questions of one run of the agent, under names that no other run's questions have. */
export class OpenPrompts {
  readonly #clock: Clock;
  readonly #tell: (news: UsbNews) => void;
  /** By the agent's number. */
  readonly #open = new Map<number, { readonly shown: OpenPrompt; readonly cancelExpiry: () => void }>();

  constructor(clock: Clock, tell: (news: UsbNews) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  list(): readonly OpenPrompt[] {
    return [...this.#open.values()].map(({ shown }) => shown);
  }

  add(number: number, prompt: UsbPrompt): void {
    if (this.#open.size >= PROMPTS_MAX || this.#open.has(number)) return; // nobody is asked, which is a denial
    const sinceUnix = this.#clock.unix();
    const shown = {
      id: randomBytes(8).toString('hex'),
      prompt,
      sinceUnix,
      expiresUnix: sinceUnix + Math.ceil(prompt.expiresMs / 1000),
    };
    const cancelExpiry = this.#clock.after(prompt.expiresMs + GRACE_MS, () => this.close(number, 'expired'));
    this.#open.set(number, { shown, cancelExpiry });
    this.#tell({ kind: 'prompt', open: shown });
  }

  /** The agent's number of an open question, which is over with that; undefined where it isn't open. */
  take(id: string): number | undefined {
    for (const [number, { shown }] of this.#open) {
      if (shown.id !== id) continue;
      this.close(number, 'answered');
      return number;
    }
    return undefined;
  }

  close(number: number, reason: PromptEnd | 'agent-ended'): void {
    const open = this.#open.get(number);
    if (open === undefined) return; // answered here; the agent's word for it comes later
    this.#open.delete(number);
    open.cancelExpiry();
    this.#tell({ kind: 'prompt-closed', id: open.shown.id, reason });
  }

  closeAll(): void {
    for (const number of [...this.#open.keys()]) this.close(number, 'agent-ended');
  }
}

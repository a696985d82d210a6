import type { HostApi, UsbPrompt } from '@usher/sdk/api';
import { failureOf } from '../answer.ts';
import type { Terminal } from '../terminal.ts';
import { promptText } from '../usb/prompt-text.ts';
import { waited } from '../waited.ts';

/** A question is open for thirty seconds, for some viewers nine: a second of them is little to lose. */
const POLL_MS = 1000;

const ANSWERS: Readonly<Record<string, { readonly allow: boolean; readonly remember: boolean }>> = {
  a: { allow: true, remember: false },
  d: { allow: false, remember: false },
  aa: { allow: true, remember: true },
  dd: { allow: false, remember: true },
};

/** The part of the API that is asked. */
export type PromptsApi = Pick<HostApi['usb'], 'prompts' | 'answerPrompt'>;

/**
 * Shows each question of a viewer who wants a USB device (U3.3), and takes the answer where somebody sits at the terminal. One at a time:
 * an answer is meant for the question that was shown last. Resolves once the signal has come.
 */
export async function askOperator(api: PromptsApi, terminal: Terminal, signal: AbortSignal, pollMs = POLL_MS): Promise<void> {
  const asking = new Asking(api, terminal);
  const stopListening = terminal.keyboard?.onLine((line) => void asking.answer(line));
  try {
    do await asking.look();
    while (await waited(pollMs, signal));
  } finally {
    stopListening?.();
  }
}

class Asking {
  readonly #api: PromptsApi;
  readonly #terminal: Terminal;
  /** Shown, and not over. */
  #current: UsbPrompt | undefined;

  constructor(api: PromptsApi, terminal: Terminal) {
    this.#api = api;
    this.#terminal = terminal;
  }

  async look(): Promise<void> {
    let open: readonly UsbPrompt[];
    try {
      open = await this.#api.prompts();
    } catch {
      return; // the host is ending, or busy; its log says so
    }
    const current = this.#current;
    if (current !== undefined && !open.some(({ id }) => id === current.id)) {
      this.#current = undefined;
      this.#terminal.err('  That question is over.');
    }
    if (this.#current === undefined) this.#show(open[0]);
  }

  async answer(line: string): Promise<void> {
    const current = this.#current;
    if (current === undefined || line.trim() === '') return;
    const answer = ANSWERS[line.trim().toLowerCase()];
    if (answer === undefined) {
      this.#terminal.err(HELP);
      return;
    }
    this.#current = undefined;
    try {
      await this.#api.answerPrompt(current.id, answer);
      this.#terminal.err(`  ${answer.allow ? 'Lent' : 'Not lent'}${answer.remember ? ', and so it will be from now on' : ''}.`);
    } catch (error) {
      this.#terminal.err(`  ${failureOf(error).message}`);
    }
  }

  #show(prompt: UsbPrompt | undefined): void {
    if (prompt === undefined) return;
    this.#current = prompt;
    const seconds = Math.max(0, Math.round(prompt.expires_unix - Date.now() / 1000));
    this.#terminal.err(`${promptText(prompt)} (${seconds} s)`);
    this.#terminal.err(
      this.#terminal.keyboard === undefined ? `  ${this.#terminal.self} usb answer ${prompt.id} allow|deny [--remember]` : HELP,
    );
  }
}

const HELP = '  a lend · d don’t · aa always lend · dd never lend, then Enter';

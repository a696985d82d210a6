import { isCoded } from '@usher/sdk/node';
import { ExitCode, exitCodeOf } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What a command has to say, in both of its languages. */
export interface Answer {
  /** One object, on one line of standard output, with `--json`. */
  readonly json: unknown;
  /** Lines for people, on standard output without it; undefined where everything has been said. */
  readonly text: string | undefined;
  readonly exitCode?: ExitCode;
}

/** Prints an answer and gives the exit code. */
export function tell(terminal: Terminal, json: boolean, answer: Answer): ExitCode {
  if (json) terminal.out(JSON.stringify(answer.json));
  else if (answer.text !== undefined) terminal.out(answer.text);
  return answer.exitCode ?? ExitCode.Done;
}

/** A failure as a command's answer: what happened goes to people in any case, to programs with `--json`. */
export function tellFailure(terminal: Terminal, json: boolean, error: unknown): ExitCode {
  const failure = failureOf(error);
  terminal.err(`usher: ${failure.message}${retryHint(failure.retrySeconds)}`);
  if (!isCoded(error) && error instanceof Error && error.stack !== undefined) terminal.err(error.stack);
  if (json) terminal.out(JSON.stringify({ ok: false, ...failure }));
  return exitCodeOf(error);
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retrySeconds?: number;
}

export function failureOf(error: unknown): Failure {
  if (!isCoded(error)) return { code: 'internal', message: 'an unexpected error' };
  return { code: error.code, message: error.message, ...(error.retrySeconds === undefined ? {} : { retrySeconds: error.retrySeconds }) };
}

function retryHint(seconds: number | undefined): string {
  return seconds === undefined ? '' : ` (try again in ${seconds} s)`;
}

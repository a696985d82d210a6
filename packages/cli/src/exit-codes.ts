import { ERRORS, isCoded } from '@usher/sdk/node';

/** How a command ends; packages/cli/README.md tells people the same. */
export const ExitCode = {
  Done: 0,
  /** A bug, or something that no other code fits. */
  Failed: 1,
  /** The command was called in a way that it doesn't understand. */
  Usage: 2,
  /** Not allowed: no or a wrong token, PIN or passcode, or the operator said no. */
  Refused: 3,
  /** What was named isn't there (any more). */
  NotFound: 4,
  /** Not now: somebody else has it, nothing is armed, or too many tries. */
  NotNow: 5,
  /** Nothing came in time. */
  TooLate: 6,
  /** The host can't be reached, or can't do it at the moment. */
  Unavailable: 7,
  /** The host or this viewer can't do it at all. */
  Unsupported: 8,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const OF_HTTP: Readonly<Record<number, ExitCode>> = {
  400: ExitCode.Usage,
  401: ExitCode.Refused,
  403: ExitCode.Refused,
  404: ExitCode.NotFound,
  406: ExitCode.Unsupported,
  408: ExitCode.TooLate,
  409: ExitCode.NotNow,
  410: ExitCode.NotFound,
  412: ExitCode.NotNow,
  413: ExitCode.Usage,
  421: ExitCode.Unavailable,
  429: ExitCode.NotNow,
  500: ExitCode.Failed,
  501: ExitCode.Unsupported,
  502: ExitCode.Unavailable,
  503: ExitCode.Unavailable,
  504: ExitCode.TooLate,
  507: ExitCode.Unavailable,
};

/** The exit code of a failure, by the HTTP status of its row in the error table (docs/errors.md). */
export function exitCodeOf(error: unknown): ExitCode {
  return isCoded(error) ? (OF_HTTP[ERRORS[error.code].http] ?? ExitCode.Failed) : ExitCode.Failed;
}

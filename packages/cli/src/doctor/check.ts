/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Whether a session can't come about without it. */
  readonly stops: boolean;
  readonly detail: string;
  /** The command (or the one thing) that mends it. */
  readonly mend?: string;
}

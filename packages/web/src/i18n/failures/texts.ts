import type { ErrorCode, RejectReason } from '@usher/sdk';

/** What a refusal says: what happened, why, and the one thing to do. Where `todo` ends in a colon, a command follows. */
export interface FailureText {
  readonly title: string;
  readonly why: string;
  readonly todo: string;
}

export type RejectName = keyof typeof RejectReason;

export interface FailureTexts {
  readonly codes: Readonly<Record<ErrorCode, FailureText>>;
  readonly rejects: Readonly<Record<RejectName, FailureText>>;
}

import type { ErrorCode, RejectReason, UnavailableDetail } from '@usher/sdk';

/** What a refusal says: what happened, why, and the one thing to do. Where `todo` ends in a colon, a command follows. */
export interface FailureText {
  readonly title: string;
  readonly why: string;
  readonly todo: string;
}

export type RejectName = keyof typeof RejectReason;
/** What keeps a session from being opened, where the host says so. */
export type UnavailableName = Exclude<keyof typeof UnavailableDetail, 'None'>;

export interface FailureTexts {
  readonly codes: Readonly<Record<ErrorCode, FailureText>>;
  readonly rejects: Readonly<Record<RejectName, FailureText>>;
  /** In place of that of `SessionUnavailable`, which stands where the host gives no detail. */
  readonly unavailable: Readonly<Record<UnavailableName, FailureText>>;
}

import {
  CodedError,
  type ErrorCode,
  isCoded,
  type ProfileReject,
  type RejectReason,
  Status,
  type StatusName,
  statusOfCode,
  statusOfReject,
} from '@usher/protocol';

/** Why `connect()` or `listProfiles()` failed, or a session ended: the code of the error table and its number of the status table. */
export class ConnectError extends CodedError {
  readonly status: StatusName;
  /** Negative; the number of the status table (control-wire §1.8). */
  readonly statusNumber: number;
  /** Set where the host refused the profile; tells a missing passcode from a wrong one (requirement P9.2). */
  readonly reject: RejectReason | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retrySeconds?: number; reject?: RejectReason } = {}) {
    super(code, message, options);
    this.name = 'ConnectError';
    this.reject = options.reject;
    this.status = options.reject === undefined ? statusOfCode(code) : statusOfReject(options.reject);
    this.statusNumber = Status[this.status];
  }
}

/** The one place where a failure of the viewer becomes what its caller sees. A caller's own abort passes through as it is. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  if (!isCoded(error)) return new ConnectError('internal', 'the viewer failed unexpectedly', { cause: error });
  return new ConnectError(error.code, error.message, {
    cause: error,
    ...(error.retrySeconds === undefined ? {} : { retrySeconds: error.retrySeconds }),
  });
}

export function rejectedByHost(reject: ProfileReject): ConnectError {
  return new ConnectError('profile.rejected', reject.message, {
    reject: reject.reason,
    ...(reject.retrySeconds === 0 ? {} : { retrySeconds: reject.retrySeconds }),
  });
}

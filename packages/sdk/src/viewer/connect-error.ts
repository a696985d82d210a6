import {
  CodedError,
  type ErrorCode,
  isCoded,
  type ProfileReject,
  RejectReason,
  Status,
  type StatusName,
  statusOfCode,
  statusOfReject,
  UnavailableDetail,
} from '@usher/protocol';

interface ConnectErrorOptions {
  readonly cause?: unknown;
  readonly retrySeconds?: number;
  readonly reject?: RejectReason;
  readonly detail?: UnavailableDetail;
}

/** Why `connect()` or `listProfiles()` failed, or a session ended: the code of the error table and its number of the status table. */
export class ConnectError extends CodedError {
  readonly status: StatusName;
  /** Negative; the number of the status table (control-wire §1.8). */
  readonly statusNumber: number;
  /** Set where the host refused the profile; tells a missing passcode from a wrong one (requirement P9.2). */
  readonly reject: RejectReason | undefined;
  /** What goes with `SessionUnavailable`; `None` everywhere else. */
  readonly detail: UnavailableDetail;

  constructor(code: ErrorCode, message: string, options: ConnectErrorOptions = {}) {
    super(code, message, options);
    this.name = 'ConnectError';
    this.reject = options.reject;
    this.detail = options.detail ?? UnavailableDetail.None;
    this.status = options.reject === undefined ? statusOfCode(code) : statusOfReject(options.reject);
    this.statusNumber = Status[this.status];
  }
}

/**
 * Whether a refusal came after the host had found the passcode right (the order of rule C18): its account can't be opened, or its seat is
 * taken. `Busy` doesn't say so, because a host that checks too many passcodes at once answers it before it looks.
 */
export function provesPasscode(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false;
  const { reject, detail } = error;
  if (reject === RejectReason.SessionUnavailable) return detail !== UnavailableDetail.None && detail !== UnavailableDetail.Busy;
  return reject === RejectReason.Occupied || reject === RejectReason.NeedsIsolation;
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
    detail: reject.detail,
    ...(reject.retrySeconds === 0 ? {} : { retrySeconds: reject.retrySeconds }),
  });
}

/** One row of the error table: how a failure looks on the wire, over HTTP, and whether trying again can help. */
export interface ErrorSpec {
  /** The byte that stands for the code in binary messages. Never renumbered. */
  readonly wire: number;
  /** The HTTP status of a REST answer; the CLI derives its exit status from it. */
  readonly http: number;
  /** Whether the same request may succeed later without anyone changing anything. */
  readonly retry: boolean;
}

/** Every failure that may cross a process boundary. `docs/errors.md` has one section per row. */
export const ERRORS = {
  'frame.truncated': { wire: 0x01, http: 400, retry: false },
  'frame.oversized': { wire: 0x02, http: 413, retry: false },
  'frame.unknown-op': { wire: 0x03, http: 400, retry: false },
  'message.malformed': { wire: 0x04, http: 400, retry: false },
  'message.unexpected': { wire: 0x05, http: 400, retry: false },
  'usb.device-gone': { wire: 0x10, http: 410, retry: false },
  'usb.device-busy': { wire: 0x11, http: 409, retry: true },
  'usb.not-found': { wire: 0x12, http: 404, retry: false },
  'usb.ambiguous': { wire: 0x13, http: 409, retry: false },
  'usb.denied': { wire: 0x14, http: 403, retry: false },
  'usb.no-permission': { wire: 0x15, http: 403, retry: false },
  'usb.stall': { wire: 0x16, http: 409, retry: false },
  'usb.timeout': { wire: 0x17, http: 504, retry: true },
  'usb.cancelled': { wire: 0x18, http: 409, retry: false },
  'usb.unsupported': { wire: 0x19, http: 501, retry: false },
  'usb.claim-limit': { wire: 0x1a, http: 429, retry: true },
  'usb.disabled': { wire: 0x1b, http: 403, retry: false },
  'usb.backend-unavailable': { wire: 0x1c, http: 503, retry: true },
  'usb.closed': { wire: 0x1d, http: 409, retry: false },
  'usb.transfer-failed': { wire: 0x1e, http: 502, retry: true },
  'usb.locked-out': { wire: 0x1f, http: 429, retry: true },
  'broker.unavailable': { wire: 0x20, http: 503, retry: true },
  'session.handshake-timeout': { wire: 0x30, http: 408, retry: true },
  'session.ended-by-operator': { wire: 0x31, http: 410, retry: false },
  'session.worker-lost': { wire: 0x32, http: 503, retry: true },
  'session.host-stopping': { wire: 0x33, http: 503, retry: true },
  'session.viewer-too-slow': { wire: 0x34, http: 408, retry: true },
  'session.limit': { wire: 0x35, http: 429, retry: true },
  'session.no-codec': { wire: 0x36, http: 406, retry: false },
  'session.transport': { wire: 0x37, http: 502, retry: true },
  'session.no-frames': { wire: 0x38, http: 504, retry: true },
  'session.taken-over': { wire: 0x39, http: 409, retry: false },
  'session.title-not-found': { wire: 0x3a, http: 404, retry: false },
  'session.title-failed': { wire: 0x3b, http: 503, retry: false },
  'pairing.not-armed': { wire: 0x40, http: 409, retry: false },
  'pairing.wrong-pin': { wire: 0x41, http: 401, retry: false },
  'pairing.cooling-down': { wire: 0x42, http: 429, retry: true },
  'pairing.host-changed': { wire: 0x43, http: 409, retry: false },
  'device.not-paired': { wire: 0x48, http: 401, retry: false },
  'device.removed': { wire: 0x49, http: 410, retry: false },
  'device.denied': { wire: 0x4a, http: 403, retry: false },
  'device.knock-expired': { wire: 0x4b, http: 408, retry: true },
  'device.knock-limit': { wire: 0x4c, http: 429, retry: true },
  'profile.rejected': { wire: 0x4d, http: 403, retry: false },
  'profile.account-taken': { wire: 0x4e, http: 409, retry: false },
  'profile.has-sessions': { wire: 0x4f, http: 409, retry: false },
  'profile.changed': { wire: 0x91, http: 412, retry: false },
  'profile.needs-windows': { wire: 0x90, http: 501, retry: false },
  'store.unreadable': { wire: 0x50, http: 500, retry: false },
  'store.write-failed': { wire: 0x51, http: 507, retry: true },
  'store.newer-version': { wire: 0x52, http: 500, retry: false },
  'config.invalid': { wire: 0x53, http: 400, retry: false },
  'store.unsafe': { wire: 0x54, http: 500, retry: false },
  'api.unauthorized': { wire: 0x60, http: 401, retry: false },
  'api.forbidden-origin': { wire: 0x61, http: 403, retry: false },
  'api.not-found': { wire: 0x62, http: 404, retry: false },
  'api.rate-limited': { wire: 0x63, http: 429, retry: true },
  'api.wrong-host': { wire: 0x64, http: 421, retry: false },
  'api.forbidden-action': { wire: 0x65, http: 403, retry: false },
  'worker.no-display': { wire: 0x70, http: 503, retry: false },
  'worker.display-lost': { wire: 0x71, http: 503, retry: true },
  'worker.encoder-failed': { wire: 0x72, http: 503, retry: true },
  'worker.audio-unavailable': { wire: 0x73, http: 503, retry: true },
  'worker.missing-program': { wire: 0x74, http: 503, retry: false },
  'host.port-in-use': { wire: 0x78, http: 503, retry: true },
  'host.unreachable': { wire: 0x79, http: 502, retry: true },
  'host.already-running': { wire: 0x7a, http: 503, retry: true },
  'usb.credit-exhausted': { wire: 0x80, http: 429, retry: false },
  'usb.no-remote': { wire: 0x88, http: 409, retry: false },
  'usb.remote-refused': { wire: 0x89, http: 403, retry: false },
  internal: { wire: 0xff, http: 500, retry: false },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** A failure with a code from the table. Messages never carry secrets or what a person typed. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which another try is worth it; only where the failure knows. */
  readonly retrySeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retrySeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.retrySeconds = options.retrySeconds;
  }
}

/** Tells a coded error (of any code, or of the one given) from everything else. Checks the shape, so two copies of this package agree. */
export function isCoded(error: unknown, code?: ErrorCode): error is CodedError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string' || !isErrorCode(error.code)) return false;
  return code === undefined || error.code === code;
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}

const BY_WIRE = new Map<number, ErrorCode>(
  (Object.keys(ERRORS) as ErrorCode[]).map((code) => [ERRORS[code].wire, code]), // keys of a literal: exactly ErrorCode
);

/** The code that a wire byte stands for; a byte from a newer peer reads as `internal`. */
export function errorCodeOfWire(byte: number): ErrorCode {
  return BY_WIRE.get(byte) ?? 'internal';
}

/** A failure as it leaves the process: no stack, no cause, nothing that a stranger could learn from. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retrySeconds?: number;
}

export function toWire(error: unknown): WireError {
  if (!isCoded(error)) return { code: 'internal', message: 'internal error' };
  return { code: error.code, message: error.message, ...(error.retrySeconds === undefined ? {} : { retrySeconds: error.retrySeconds }) };
}

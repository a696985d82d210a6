import { RejectReason } from './control/profiles.ts';
import type { ErrorCode } from './errors.ts';

/** The numbers that the SDK's `connect()` and the CLI report (control-wire §1.8; requirement table "How the two designs meet"). */
export const Status = {
  Ok: 0,
  InvalidArg: -1,
  Crypto: -3,
  BadPacket: -4,
  NoFrame: -5,
  Unsupported: -6,
  Io: -7,
  Timeout: -9,
  Closed: -10,
  AuthRequired: -11,
  NotFound: -12,
  Occupied: -13,
  SessionUnavailable: -14,
  NeedsIsolation: -15,
  NotArmed: -20,
  RateLimited: -22,
  IdentityRequired: -23,
  Denied: -24,
  ApprovalTimeout: -25,
  Busy: -28,
  Panic: -99,
} as const;
export type StatusName = keyof typeof Status;

const STATUS_OF_REJECT: Readonly<Record<RejectReason, StatusName>> = {
  [RejectReason.PasscodeRequired]: 'AuthRequired',
  [RejectReason.WrongPasscode]: 'AuthRequired',
  [RejectReason.LockedOut]: 'AuthRequired',
  [RejectReason.NotFound]: 'NotFound',
  [RejectReason.NotPermitted]: 'NotFound',
  [RejectReason.NeedsSelection]: 'NotFound',
  [RejectReason.Occupied]: 'Occupied',
  [RejectReason.SessionUnavailable]: 'SessionUnavailable',
  [RejectReason.NeedsIsolation]: 'NeedsIsolation',
};

/** The status of a refused handshake (profiles design §5.2). */
export function statusOfReject(reason: RejectReason): StatusName {
  return STATUS_OF_REJECT[reason];
}

const STATUS_OF_CODE: Readonly<Partial<Record<ErrorCode, StatusName>>> = {
  'config.invalid': 'InvalidArg',
  'frame.truncated': 'BadPacket',
  'frame.oversized': 'BadPacket',
  'frame.unknown-op': 'BadPacket',
  'message.malformed': 'BadPacket',
  'message.unexpected': 'BadPacket',
  'session.handshake-timeout': 'Timeout',
  'session.no-codec': 'Unsupported',
  'session.limit': 'Busy',
  'session.worker-lost': 'SessionUnavailable',
  'session.host-stopping': 'Closed',
  'session.ended-by-operator': 'Closed',
  'session.taken-over': 'Closed',
  'session.title-not-found': 'NotFound',
  'session.title-failed': 'SessionUnavailable',
  'session.viewer-too-slow': 'Closed',
  'session.transport': 'Io',
  'session.no-frames': 'NoFrame',
  'host.unreachable': 'Io',
  'pairing.not-armed': 'NotArmed',
  'pairing.wrong-pin': 'Crypto',
  'pairing.cooling-down': 'RateLimited',
  'pairing.host-changed': 'Crypto',
  'device.not-paired': 'IdentityRequired',
  'device.removed': 'IdentityRequired',
  'device.denied': 'Denied',
  'device.knock-expired': 'ApprovalTimeout',
  'device.knock-limit': 'Busy',
  'api.rate-limited': 'RateLimited',
  'broker.unavailable': 'SessionUnavailable',
  'store.unreadable': 'Io',
  'store.write-failed': 'Io',
  'store.newer-version': 'Io',
  'worker.no-display': 'SessionUnavailable',
  'worker.display-lost': 'SessionUnavailable',
  'worker.encoder-failed': 'SessionUnavailable',
  'worker.missing-program': 'SessionUnavailable',
};

/** The status of a coded failure; what has no row of its own is `Panic` for our bugs. */
export function statusOfCode(code: ErrorCode): StatusName {
  return STATUS_OF_CODE[code] ?? 'Panic';
}

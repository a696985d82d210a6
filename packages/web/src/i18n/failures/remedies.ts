import type { ErrorCode } from '@usher/sdk';
import type { RejectName, UnavailableName } from './texts.ts';

/**
 * What the page offers after a refusal: `again` the same once more, `pin` another PIN, `start` the start page, `anew` forgets the host
 * and starts over, `reload` the page itself, `none` nothing that this page could do.
 */
export type Action = 'again' | 'pin' | 'start' | 'anew' | 'reload' | 'none';

export interface Remedy {
  readonly action: Action;
  /** To run on the host; said by the text before it. */
  readonly command?: string;
}

const DOCTOR = 'usher doctor';
const SHARE_USB = 'usher up --usb-passthrough';
/** Stands in a command for the device, where the page doesn't know which. */
export const USB_DEVICE = 'VID:PID';

export const REMEDIES: Readonly<Record<ErrorCode, Remedy>> = {
  'frame.truncated': { action: 'again' },
  'frame.oversized': { action: 'again' },
  'frame.unknown-op': { action: 'reload' },
  'message.malformed': { action: 'again' },
  'message.unexpected': { action: 'reload' },
  'usb.device-gone': { action: 'again' },
  'usb.device-busy': { action: 'again' },
  'usb.not-found': { action: 'again' },
  'usb.ambiguous': { action: 'again' },
  'usb.denied': { action: 'again', command: `usher usb allow ${USB_DEVICE}` },
  'usb.no-permission': { action: 'again', command: 'usher usb udev-rule' },
  'usb.stall': { action: 'again' },
  'usb.timeout': { action: 'again' },
  'usb.cancelled': { action: 'again' },
  'usb.unsupported': { action: 'none' },
  'usb.claim-limit': { action: 'again' },
  'usb.disabled': { action: 'again', command: SHARE_USB },
  'usb.backend-unavailable': { action: 'again', command: DOCTOR },
  'usb.credit-exhausted': { action: 'again' },
  'usb.no-remote': { action: 'none' },
  'usb.remote-refused': { action: 'again' },
  'usb.locked-out': { action: 'again' },
  'usb.closed': { action: 'again' },
  'usb.transfer-failed': { action: 'again' },
  'broker.unavailable': { action: 'again', command: DOCTOR },
  'session.handshake-timeout': { action: 'again' },
  'session.ended-by-operator': { action: 'again' },
  'session.worker-lost': { action: 'again' },
  'session.host-stopping': { action: 'again' },
  'session.viewer-too-slow': { action: 'again' },
  'session.limit': { action: 'again' },
  'session.no-codec': { action: 'none' },
  'session.transport': { action: 'again' },
  'session.no-frames': { action: 'again', command: DOCTOR },
  'session.taken-over': { action: 'again' },
  'session.title-not-found': { action: 'again' },
  'session.title-failed': { action: 'again' },
  'pairing.not-armed': { action: 'pin', command: 'usher pair' },
  'pairing.wrong-pin': { action: 'pin', command: 'usher pair' },
  'pairing.cooling-down': { action: 'pin' },
  'pairing.host-changed': { action: 'anew' },
  'device.not-paired': { action: 'anew' },
  'device.removed': { action: 'anew' },
  'device.denied': { action: 'start' },
  'device.knock-expired': { action: 'again' },
  'device.knock-limit': { action: 'start' },
  'profile.rejected': { action: 'again' },
  'profile.account-taken': { action: 'again' },
  'profile.has-sessions': { action: 'again' },
  'profile.changed': { action: 'again' },
  'profile.needs-windows': { action: 'none' },
  'store.unreadable': { action: 'again', command: DOCTOR },
  'store.unsafe': { action: 'again', command: DOCTOR },
  'store.write-failed': { action: 'again', command: 'df -h ~/.config/usher' },
  'store.newer-version': { action: 'again' },
  'config.invalid': { action: 'start', command: DOCTOR },
  'api.unauthorized': { action: 'reload' },
  'api.forbidden-origin': { action: 'reload' },
  'api.wrong-host': { action: 'none' },
  'api.forbidden-action': { action: 'none', command: 'usher run FILE.json' },
  'api.not-found': { action: 'again' },
  'api.rate-limited': { action: 'again' },
  'worker.no-display': { action: 'again', command: DOCTOR },
  'worker.display-lost': { action: 'again' },
  'worker.encoder-failed': { action: 'again', command: DOCTOR },
  'worker.audio-unavailable': { action: 'again', command: DOCTOR },
  'worker.missing-program': { action: 'again', command: DOCTOR },
  'host.port-in-use': { action: 'again', command: "ss -ltnp 'sport = :9939'" },
  'host.already-running': { action: 'again' },
  'host.unreachable': { action: 'again', command: 'usher up' },
  internal: { action: 'again' },
};

export const REJECT_REMEDIES: Readonly<Record<RejectName, Remedy>> = {
  PasscodeRequired: { action: 'again' },
  WrongPasscode: { action: 'again' },
  LockedOut: { action: 'again' },
  NotFound: { action: 'again' },
  NotPermitted: { action: 'again' },
  NeedsSelection: { action: 'again' },
  Occupied: { action: 'again' },
  SessionUnavailable: { action: 'again', command: DOCTOR },
  NeedsIsolation: { action: 'again', command: DOCTOR },
};

export const UNAVAILABLE_REMEDIES: Readonly<Record<UnavailableName, Remedy>> = {
  NoBroker: { action: 'again', command: DOCTOR },
  LoginFailed: { action: 'again', command: DOCTOR },
  NeedsConsoleSwitch: { action: 'again' },
  Busy: { action: 'again' },
};

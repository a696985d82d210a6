export {
  type CursorShape,
  displayFingerprint,
  type ErrorCode,
  type Fingerprint,
  fingerprint,
  type InputEvent,
  InputKind,
  isCoded,
  type Mode,
  type ProfileEntry,
  passcodeBytes,
  Reader,
  type Reconfigured,
  RejectReason,
  Status,
  type StatusName,
  shortFingerprint,
  UnavailableDetail,
  type UsbDeviceChange,
  type UsbDeviceInfo,
  type UsbDeviceQuery,
} from '@usher/protocol';
export {
  type ConfigurationDescriptor,
  type ControlTransfer,
  type DeviceDescriptor,
  type EndpointTransfer,
  parseConfiguration,
  parseDeviceDescriptor,
  parseStringDescriptor,
  type UsbClaimHandle,
  UsbClass,
  UsbClient,
} from '@usher/usb';
export { buttonEvent, keyEvent, pointerBy, pointerTo, releaseAll, textEvents, wheelEvent } from '../input/events.ts';
export { EVDEV_OF_CODE, evdevCode } from '../input/key-codes.ts';
export { PointerCoalescer } from '../input/pointer-coalescer.ts';
export { ConnectError, provesPasscode } from '../viewer/connect-error.ts';
export type { DeviceIdentity, PinnedHost, PinnedHosts } from '../viewer/identity.ts';
export type { ConnectOptions, ConnectStage, HostOptions } from '../viewer/options.ts';
export { ratesBetween, type SessionRates } from '../viewer/rates.ts';
export type { VideoCodecName } from '../viewer/sdp.ts';
export type { SessionEvents, SessionStats } from '../viewer/session.ts';
export { connect, listProfiles, presentedFingerprint, Session } from './connect.ts';
export { type BrowserIdentity, openBrowserIdentity } from './identity.ts';
export { type PasscodePlace, RememberedPasscodes, type SecretRecords } from './remembered-passcodes.ts';

export {
  CodedError,
  displayFingerprint,
  ERRORS,
  type ErrorCode,
  type Fingerprint,
  fingerprint,
  type InputEvent,
  InputKind,
  isCoded,
  isErrorCode,
  type Mode,
  type ProfileEntry,
  passcodeBytes,
  Reader,
  type Reconfigured,
  RejectReason,
  Status,
  type StatusName,
  shortFingerprint,
  statusOfCode,
  UnavailableDetail,
  type UsbConfigChange,
  type UsbDeviceChange,
  type UsbDeviceInfo,
} from '@usher/protocol';
export { type ControlTransfer, type EndpointTransfer, readDescriptors, type UsbClaimHandle, UsbClient } from '@usher/usb';
export { type DescriptorTree, descriptorTree } from '../usb/descriptor-tree.ts';
export { ConnectError, provesPasscode } from '../viewer/connect-error.ts';
export type { DeviceIdentity, PinnedHost, PinnedHosts } from '../viewer/identity.ts';
export type { ConnectOptions, ConnectStage, HostOptions } from '../viewer/options.ts';
export type { VideoCodecName } from '../viewer/sdp.ts';
export type { SessionEvents, SessionStats } from '../viewer/session.ts';
export { verifyAuditDirectory } from './audit-directory.ts';
export type { NodeCertificate } from './certificate.ts';
export { connect, listProfiles, presentedFingerprint, Session } from './connect.ts';
export { type FileIdentity, openFileIdentity } from './identity-file.ts';
export { LOCAL_URL, localFetch } from './local-fetch.ts';
export { pinnedFetch } from './pinned-fetch.ts';
export { usbOverStreams } from './usb-over-streams.ts';

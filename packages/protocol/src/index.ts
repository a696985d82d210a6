export {
  AGENT_METHODS,
  type AgentMethod,
  decodeFromAgent,
  decodeToAgent,
  encodeFromAgent,
  encodeToAgent,
  type FromAgent,
  MAX_AGENT_MESSAGE,
  type ToAgent,
} from './agent-link.ts';
export { ByteReader, ByteWriter, concat, fromBase64, fromHex, toBase64, toHex, truncateUtf8, tryUtf8, utf8 } from './bytes.ts';
export { CURSOR_MAX, type CursorShape, decodeCursorShape, encodeCursorShape } from './control/cursor.ts';
export {
  ABI_VERSION,
  decodeHello,
  encodeHello,
  HELLO_LAUNCH_MAX,
  HELLO_NAME_MAX,
  type Hello,
  HelloCaps,
  PROFILE_ID_MAX,
} from './control/hello.ts';
export { CTL_MAGIC, MAGIC, MAX_CONTROL_MESSAGE, MessageType, messageKind } from './control/magic.ts';
export {
  type ClockEcho,
  decodeClockEcho,
  decodeClockProbe,
  decodeReconfigure,
  decodeReconfigured,
  decodeRequestKeyframe,
  encodeClockEcho,
  encodeClockProbe,
  encodeReconfigure,
  encodeReconfigured,
  encodeRequestKeyframe,
  type Mode,
  type Reconfigured,
} from './control/mode.ts';
export {
  decodePairChallenge,
  decodePairProof,
  decodePairRequest,
  decodePairResult,
  encodePairChallenge,
  encodePairProof,
  encodePairRequest,
  encodePairResult,
  type PairChallenge,
  type PairRequest,
} from './control/pairing.ts';
export {
  decodeKnockPending,
  decodeListProfiles,
  decodeProfileList,
  decodeProfileReject,
  decodeProfileUnlock,
  decodeSessionEnded,
  encodeKnockPending,
  encodeListProfiles,
  encodeProfileList,
  encodeProfileReject,
  encodeProfileUnlock,
  encodeSessionEnded,
  MAX_PROFILES,
  type ProfileEntry,
  type ProfileReject,
  passcodeBytes,
  RejectReason,
  type SessionEnded,
  UnavailableDetail,
} from './control/profiles.ts';
export { decodeWelcome, encodeWelcome, type Welcome } from './control/welcome.ts';
export { EnvelopeDecoder, envelope, envelopeHeader } from './envelope.ts';
export {
  CodedError,
  ERRORS,
  type ErrorCode,
  type ErrorSpec,
  errorCodeOfWire,
  isCoded,
  isErrorCode,
  toWire,
  type WireError,
} from './errors.ts';
export {
  displayFingerprint,
  type Fingerprint,
  fingerprint,
  OPERATOR,
  type ProfileId,
  profileId,
  type SessionId,
  sessionId,
  shortFingerprint,
} from './ids.ts';
export { decodeInput, encodeInput, INPUT_EVENT_BYTES, INPUT_EVENTS_MAX, type InputEvent, InputKind } from './input.ts';
export { Reader } from './read.ts';
export {
  type AudioUnit,
  type DisplayChoice,
  decodeHostMessage,
  decodeWorkerMessage,
  encodeHostMessage,
  encodeWorkerMessage,
  type HostMessage,
  MAX_RELAY_MESSAGE,
  VideoCodec,
  type VideoUnit,
  type WorkerMessage,
} from './relay.ts';
export {
  type DeviceKeyProof,
  decodeHostSignal,
  decodeViewerSignal,
  deviceApiStatement,
  deviceKeyStatement,
  type HostSignal,
  type IceServer,
  MAX_SIGNAL_MESSAGE,
  type PeerPurpose,
  SIGNAL_VERSION,
  sdpFingerprint,
  type ViewerSignal,
} from './signal.ts';
export { type CurvePoint, confirmations, type PairingIdentities, type PairingKeys, Spake2Side, type Spake2Suite } from './spake2.ts';
export { Status, type StatusName, statusOfCode, statusOfReject } from './status.ts';
export { readBody as readUsbBody } from './usb/body.ts';
export { failureOfText, failureText, isChannelFailure } from './usb/failure-text.ts';
export { FragmentJoiner, fragment } from './usb/fragment.ts';
export { decodeFrame, encodeFrame, FLAG_EOF, MAX_PAYLOAD, Op, type UsbFrame } from './usb/frame.ts';
export {
  DEFAULT_TRANSFER_TIMEOUT_MS,
  decodeClosed,
  decodeControl,
  decodeCredit,
  decodeEndpoint,
  decodeListing,
  decodeOpen,
  decodeOpened,
  decodeProtocolError,
  decodeResume,
  decodeTransferReply,
  encodeClosed,
  encodeControl,
  encodeCredit,
  encodeEndpoint,
  encodeListing,
  encodeOpen,
  encodeOpened,
  encodeProtocolError,
  encodeResume,
  encodeTransferReply,
  MAX_BODY,
  MAX_CONTROL_TRANSFER,
  MAX_TRANSFER,
  MAX_TRANSFER_TIMEOUT_MS,
  type UsbClosed,
  type UsbControlRequest,
  type UsbDeviceInfo,
  type UsbDeviceQuery,
  type UsbEndpointRequest,
  type UsbListing,
  type UsbOpened,
  type UsbTransferReply,
} from './usb/messages.ts';

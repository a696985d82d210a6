import { ByteReader, ByteWriter } from '../bytes.ts';
import { CodedError } from '../errors.ts';

/** Opens the positional messages Hello and Welcome: ASCII `PKF1`. */
export const MAGIC = 0x31_46_4b_50; // little-endian u32 of "PKF1"
/** Opens every typed message: ASCII `PKFc`, then the type byte. */
export const CTL_MAGIC = 0x63_46_4b_50; // little-endian u32 of "PKFc"

/** Largest message on `control`: a 128 × 128 cursor picture and its header (rule C2). */
export const MAX_CONTROL_MESSAGE = 96 * 1024;

/** Type byte of a typed message. */
export const MessageType = {
  Reconfigure: 0x01,
  Reconfigured: 0x02,
  RequestKeyframe: 0x03,
  PairRequest: 0x10,
  PairChallenge: 0x11,
  PairProof: 0x12,
  PairResult: 0x13,
  ClockProbe: 0x30,
  ClockEcho: 0x31,
  ListProfiles: 0x40,
  ProfileList: 0x41,
  ProfileUnlock: 0x42,
  ProfileReject: 0x43,
  KnockPending: 0x44,
  SessionEnded: 0x45,
  CursorShape: 0x50,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

export function typed(type: MessageType): ByteWriter {
  return new ByteWriter().u32(CTL_MAGIC, true).u8(type);
}

/** A reader placed behind magic and type byte, once both are what they should be. */
export function openTyped(bytes: Uint8Array, type: MessageType, what: string): ByteReader {
  const reader = new ByteReader(bytes, what);
  if (reader.u32(true) !== CTL_MAGIC || reader.u8() !== type) throw new CodedError('message.unexpected', `not a ${what}`);
  return reader;
}

/** What a message claims to be: a type byte, `positional` (Hello or Welcome, told apart by direction), or undefined for neither. */
export function messageKind(bytes: Uint8Array): number | 'positional' | undefined {
  if (bytes.length < 4) return undefined;
  const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (magic === MAGIC) return 'positional';
  return magic === CTL_MAGIC ? bytes[4] : undefined;
}

import { ByteReader, ByteWriter, truncateUtf8 } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { compositorOf, gamepadOf, PROFILE_ID_MAX, shortText } from './hello.ts';
import { MAGIC } from './magic.ts';

/**
 * The host's answer to a Hello that was let in. The keys, FEC and shard fields of the base layout are zero over WebRTC,
 * which keys its own media (gap G14); they keep their places so that the offsets hold.
 */
export interface Welcome {
  readonly abiVersion: number;
  readonly width: number;
  readonly height: number;
  readonly refreshHz: number;
  /** As in Hello: what the session really has. */
  readonly compositor: number;
  readonly gamepad: number;
  /** Kilobits a second that the encoder starts with; 0 = unknown. */
  readonly bitrateKbps: number;
  /** The profile that the session was placed in. */
  readonly resolvedProfile?: string;
}

/** Shortest Welcome that is read: everything up to `frames` (control-wire §1.3). */
const MINIMUM = 53;
const RESOLVED_AT = 64;
const SDR_BT709 = [8, 1, 1, 1, 0] as const; // bit depth, primaries, transfer, matrix, limited range

/** Little-endian; 64 bytes, then `u8 length ‖ resolved profile` (requirement P5.1, control-wire §1.3). */
export function encodeWelcome(welcome: Welcome): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter()
    .u32(MAGIC, true)
    .u32(welcome.abiVersion, true)
    .u16(0, true) // udp_port: media travels over the peer connection
    .u32(welcome.width, true)
    .u32(welcome.height, true)
    .u32(welcome.refreshHz, true)
    .bytes(new Uint8Array(1 + 1 + 2 + 2 + 1 + 16 + 4)) // FEC scheme and percent, block and shard size, encrypt, AES key, salt
    .u32(0, true) // frames: no end is planned
    .u8(welcome.compositor)
    .u8(welcome.gamepad)
    .u32(welcome.bitrateKbps, true)
    .bytes(Uint8Array.from(SDR_BT709));
  if (welcome.resolvedProfile !== undefined) {
    const profile = truncateUtf8(welcome.resolvedProfile, PROFILE_ID_MAX);
    out.u8(profile.length).bytes(profile);
  }
  return out.done();
}

/** A malformed or missing tail never fails: the field is absent, or 0 (rule C4). */
export function decodeWelcome(bytes: Uint8Array): Welcome {
  if (bytes.length < MINIMUM) throw new CodedError('frame.truncated', `a Welcome has at least ${MINIMUM} bytes, got ${bytes.length}`);
  const reader = new ByteReader(bytes, 'Welcome');
  if (reader.u32(true) !== MAGIC) throw new CodedError('message.unexpected', 'not a Welcome');
  const abiVersion = reader.u32(true);
  reader.u16(true); // udp_port
  const width = reader.u32(true);
  const height = reader.u32(true);
  const refreshHz = reader.u32(true);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const resolvedProfile = shortText(bytes, RESOLVED_AT, PROFILE_ID_MAX);
  return {
    abiVersion,
    width,
    height,
    refreshHz,
    compositor: compositorOf(bytes[53]),
    gamepad: gamepadOf(bytes[54]),
    bitrateKbps: bytes.length >= 59 ? view.getUint32(55, true) : 0,
    ...(resolvedProfile === undefined ? {} : { resolvedProfile }),
  };
}

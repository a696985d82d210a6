import { ByteReader, ByteWriter, truncateUtf8, tryUtf8 } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { MAGIC } from './magic.ts';

/** Both ends of the base protocol require this number (control-wire §1.1). */
export const ABI_VERSION = 2;
export const HELLO_NAME_MAX = 64;
export const HELLO_LAUNCH_MAX = 128;
export const PROFILE_ID_MAX = 64;

/** Bits of Hello's caps byte. */
export const HelloCaps = {
  TenBit: 0x01,
  Hdr: 0x02,
  /** The next message is a ProfileUnlock; without it the host never waits for one (rule C6, gap G1). */
  UnlockFollows: 0x80,
} as const;

/** The viewer's wish: how large a picture, and whose desktop. */
export interface Hello {
  readonly abiVersion: number;
  /** Picture size in pixels, refresh in hertz. */
  readonly width: number;
  readonly height: number;
  readonly refreshHz: number;
  /** 0 auto, 1 KWin, 2 wlroots, 3 Mutter, 4 gamescope; others read as 0. */
  readonly compositor: number;
  /** 0 auto, 1 Xbox 360, 2 DualSense, 3 Xbox One, 4 DualShock 4; others read as 0. */
  readonly gamepad: number;
  /** Kilobits a second; 0 leaves it to the host. */
  readonly bitrateKbps: number;
  readonly name?: string;
  readonly launch?: string;
  readonly caps: number;
  /** As the viewer wrote it: any text up to 64 bytes; the host matches it against its roster. */
  readonly profileId?: string;
}

/** Shortest Hello that is read: everything up to the refresh rate (control-wire §1.2). */
const MINIMUM = 20;
const COMPOSITOR_LAST = 4;
const GAMEPAD_LAST = 4;

/**
 * `PKF1` ‖ abi u32 ‖ width u32 ‖ height u32 ‖ refresh u32 ‖ compositor u8 ‖ gamepad u8 ‖ bitrate u32
 * [‖ u8 n ‖ name [‖ u8 l ‖ launch [‖ caps u8 [‖ u8 p ‖ profile]]]], little-endian. A later field forces placeholders for the
 * earlier ones; with none of them Hello is exactly 26 bytes (requirement P5.1, control-wire §1.2).
 */
export function encodeHello(hello: Hello): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter()
    .u32(MAGIC, true)
    .u32(hello.abiVersion, true)
    .u32(hello.width, true)
    .u32(hello.height, true)
    .u32(hello.refreshHz, true)
    .u8(hello.compositor)
    .u8(hello.gamepad)
    .u32(hello.bitrateKbps, true);
  const needCaps = hello.caps !== 0 || hello.profileId !== undefined;
  const needLaunch = hello.launch !== undefined || needCaps;
  if (hello.name !== undefined || needLaunch) putShort(out, hello.name ?? '', HELLO_NAME_MAX);
  if (needLaunch) putShort(out, hello.launch ?? '', HELLO_LAUNCH_MAX);
  if (needCaps) out.u8(hello.caps);
  if (hello.profileId !== undefined) putShort(out, hello.profileId, PROFILE_ID_MAX);
  return out.done();
}

/** A malformed tail never fails the handshake: the field is absent. Later fields are found by the raw length bytes (rule C4). */
export function decodeHello(bytes: Uint8Array): Hello {
  if (bytes.length < MINIMUM) throw new CodedError('frame.truncated', `a Hello has at least ${MINIMUM} bytes, got ${bytes.length}`);
  const reader = new ByteReader(bytes, 'Hello');
  if (reader.u32(true) !== MAGIC) throw new CodedError('message.unexpected', 'not a Hello');
  const abiVersion = reader.u32(true);
  const width = reader.u32(true);
  const height = reader.u32(true);
  const refreshHz = reader.u32(true);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const launchAt = 27 + (bytes[26] ?? 0);
  const capsAt = launchAt + 1 + (bytes[launchAt] ?? 0);
  const name = shortText(bytes, 26, HELLO_NAME_MAX);
  const launch = shortText(bytes, launchAt, HELLO_LAUNCH_MAX);
  const profileId = shortText(bytes, capsAt + 1, PROFILE_ID_MAX);
  return {
    abiVersion,
    width,
    height,
    refreshHz,
    compositor: compositorOf(bytes[20]),
    gamepad: gamepadOf(bytes[21]),
    bitrateKbps: bytes.length >= 26 ? view.getUint32(22, true) : 0,
    caps: bytes[capsAt] ?? 0,
    ...(name === undefined ? {} : { name }),
    ...(launch === undefined ? {} : { launch }),
    ...(profileId === undefined ? {} : { profileId }),
  };
}

function putShort(out: ByteWriter, text: string, limit: number): void {
  const bytes = truncateUtf8(text, limit);
  out.u8(bytes.length).bytes(bytes);
}

/** `u8 length ‖ UTF-8` at `at`; undefined where it is empty, too long, cut off or not UTF-8. */
export function shortText(bytes: Uint8Array, at: number, limit: number): string | undefined {
  const length = bytes[at];
  if (length === undefined || length === 0 || length > limit || at + 1 + length > bytes.length) return undefined;
  return tryUtf8(bytes.subarray(at + 1, at + 1 + length));
}

/** A compositor byte; one that is missing or not known reads as 0, auto. */
export function compositorOf(byte = 0): number {
  return byte <= COMPOSITOR_LAST ? byte : 0;
}

/** A gamepad byte; one that is missing or not known reads as 0, auto. */
export function gamepadOf(byte = 0): number {
  return byte <= GAMEPAD_LAST ? byte : 0;
}

import { type ByteReader, truncateUtf8, utf8 } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { PROFILE_ID_MAX } from './hello.ts';
import { MessageType, openTyped, typed } from './magic.ts';

/** Most entries of a ProfileList (requirement P5.2). */
export const MAX_PROFILES = 64;
/** Longest name, accent and avatar that are sent, in bytes; a reader takes what the length byte allows. */
const FIELD_MAX = 64;
/** Longest passcode that is sent, in bytes of UTF-8. */
export const PASSCODE_MAX = 64;

/** Viewer → host, allowed as the first message: which profiles may this device see? */
export function encodeListProfiles(): Uint8Array<ArrayBuffer> {
  return typed(MessageType.ListProfiles).done();
}

export function decodeListProfiles(bytes: Uint8Array): void {
  openTyped(bytes, MessageType.ListProfiles, 'ListProfiles').end();
}

/** One profile as a picker shows it. */
export interface ProfileEntry {
  readonly id: string;
  readonly displayName: string;
  /** CSS colour; empty = none. */
  readonly accent: string;
  /** Emoji or picture name; empty = none. */
  readonly avatar: string;
  readonly passcodeRequired: boolean;
  /** Whether the asking device is assigned to it. */
  readonly assigned: boolean;
}

/** `PKFc 41 ‖ u8 count ‖ count × (id, name, accent, avatar each u8 length ‖ UTF-8; flags u8: bit 0 passcode, bit 1 assigned)`. */
export function encodeProfileList(profiles: readonly ProfileEntry[]): Uint8Array<ArrayBuffer> {
  if (profiles.length > MAX_PROFILES) throw new RangeError(`a list has at most ${MAX_PROFILES} profiles`);
  const out = typed(MessageType.ProfileList).u8(profiles.length);
  for (const profile of profiles) {
    const id = utf8(profile.id);
    if (id.length > PROFILE_ID_MAX) throw new RangeError(`a profile id has at most ${PROFILE_ID_MAX} bytes`); // a shortened id is another id
    out.u8(id.length).bytes(id);
    for (const text of [profile.displayName, profile.accent, profile.avatar]) {
      const bytes = truncateUtf8(text, FIELD_MAX);
      out.u8(bytes.length).bytes(bytes);
    }
    out.u8((profile.passcodeRequired ? 1 : 0) | (profile.assigned ? 2 : 0));
  }
  return out.done();
}

export function decodeProfileList(bytes: Uint8Array): readonly ProfileEntry[] {
  const reader = openTyped(bytes, MessageType.ProfileList, 'ProfileList');
  const count = reader.u8();
  if (count > MAX_PROFILES) throw new CodedError('message.malformed', `ProfileList: at most ${MAX_PROFILES} profiles`);
  const profiles = Array.from({ length: count }, () => readEntry(reader));
  reader.end();
  return profiles;
}

function readEntry(reader: ByteReader): ProfileEntry {
  const idLength = reader.u8();
  if (idLength > PROFILE_ID_MAX) {
    throw new CodedError('message.malformed', `ProfileList: a profile id has at most ${PROFILE_ID_MAX} bytes`);
  }
  const text = () => reader.text(reader.u8());
  const [id, displayName, accent, avatar] = [reader.text(idLength), text(), text(), text()];
  const flags = reader.u8();
  return { id, displayName, accent, avatar, passcodeRequired: (flags & 1) !== 0, assigned: (flags & 2) !== 0 };
}

/** Viewer → host, right after a Hello that announced it. The passcode stays bytes, so that its holder can wipe it (requirement P2.4). */
export function encodeProfileUnlock(passcode: Uint8Array): Uint8Array<ArrayBuffer> {
  if (passcode.length > PASSCODE_MAX) throw new RangeError(`a passcode has at most ${PASSCODE_MAX} bytes`);
  return typed(MessageType.ProfileUnlock).u8(passcode.length).bytes(passcode).done();
}

/** The passcode is a view of `bytes`: wiping it wipes the message. */
export function decodeProfileUnlock(bytes: Uint8Array): Uint8Array {
  const reader = openTyped(bytes, MessageType.ProfileUnlock, 'ProfileUnlock');
  const length = reader.u8();
  if (length > PASSCODE_MAX) throw new CodedError('message.malformed', `ProfileUnlock: at most ${PASSCODE_MAX} bytes`);
  const passcode = reader.bytes(length);
  reader.end();
  return passcode;
}

/** Why a device was not let in: the reason byte of ProfileReject (design §3, G2). Never renumbered. */
export const RejectReason = {
  PasscodeRequired: 1,
  WrongPasscode: 2,
  LockedOut: 3,
  NotFound: 4,
  NotPermitted: 5,
  NeedsSelection: 6,
  Occupied: 7,
  SessionUnavailable: 8,
  NeedsIsolation: 9,
} as const;
export type RejectReason = (typeof RejectReason)[keyof typeof RejectReason];

/** The detail byte that goes with `SessionUnavailable`; 0 everywhere else. */
export const UnavailableDetail = { None: 0, NoBroker: 1, LoginFailed: 2, NeedsConsoleSwitch: 3, Busy: 4 } as const;
export type UnavailableDetail = (typeof UnavailableDetail)[keyof typeof UnavailableDetail];

/** Host → viewer: the end of a handshake that was refused, and what the person can do. */
export interface ProfileReject {
  readonly reason: RejectReason;
  readonly detail: UnavailableDetail;
  /** 0 = no wait helps. */
  readonly retrySeconds: number;
  readonly message: string;
}

const MESSAGE_MAX = 255;

/** `PKFc 43 ‖ reason u8 ‖ detail u8 ‖ retry_seconds u16 LE ‖ u8 length ‖ message UTF-8` (design §3, G2/G3). */
export function encodeProfileReject(reject: ProfileReject): Uint8Array<ArrayBuffer> {
  const message = truncateUtf8(reject.message, MESSAGE_MAX);
  return typed(MessageType.ProfileReject)
    .u8(reject.reason)
    .u8(reject.detail)
    .u16(Math.min(reject.retrySeconds, 0xffff), true)
    .u8(message.length)
    .bytes(message)
    .done();
}

export function decodeProfileReject(bytes: Uint8Array): ProfileReject {
  const reader = openTyped(bytes, MessageType.ProfileReject, 'ProfileReject');
  const reason = oneOf(RejectReason, reader.u8(), 'reason');
  const detail = oneOf(UnavailableDetail, reader.u8(), 'detail');
  const retrySeconds = reader.u16(true);
  const message = reader.text(reader.u8());
  reader.end();
  return { reason, detail, retrySeconds, message };
}

function oneOf<T extends number>(codes: Readonly<Record<string, T>>, value: number, what: string): T {
  const found = Object.values(codes).find((code) => code === value);
  if (found === undefined) throw new CodedError('message.malformed', `ProfileReject: unknown ${what} ${value}`);
  return found;
}

/** Host → viewer: the device isn't paired; its knock waits for the operator (`PKFc 44 ‖ seconds u16 LE`). Usher's own message. */
export function encodeKnockPending(seconds: number): Uint8Array<ArrayBuffer> {
  return typed(MessageType.KnockPending).u16(seconds, true).done();
}

export function decodeKnockPending(bytes: Uint8Array): number {
  const reader = openTyped(bytes, MessageType.KnockPending, 'KnockPending');
  const seconds = reader.u16(true);
  reader.end();
  return seconds;
}

/** Host → viewer: the session is over and why. Usher's own message. */
export interface SessionEnded {
  /** The wire byte of the error table. */
  readonly wire: number;
  readonly message: string;
}

/** `PKFc 45 ‖ code u8 ‖ u8 length ‖ message UTF-8`. */
export function encodeSessionEnded(ended: SessionEnded): Uint8Array<ArrayBuffer> {
  const message = truncateUtf8(ended.message, MESSAGE_MAX);
  return typed(MessageType.SessionEnded).u8(ended.wire).u8(message.length).bytes(message).done();
}

export function decodeSessionEnded(bytes: Uint8Array): SessionEnded {
  const reader = openTyped(bytes, MessageType.SessionEnded, 'SessionEnded');
  const wire = reader.u8();
  const message = reader.text(reader.u8());
  reader.end();
  return { wire, message };
}

/** A passcode as bytes, refused when it is too long to send. */
export function passcodeBytes(passcode: string): Uint8Array<ArrayBuffer> {
  const bytes = utf8(passcode);
  if (bytes.length > PASSCODE_MAX) throw new CodedError('message.malformed', `a passcode has at most ${PASSCODE_MAX} bytes`);
  return bytes;
}

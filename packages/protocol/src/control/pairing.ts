import { type ByteReader, type ByteWriter, truncateUtf8 } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { HELLO_NAME_MAX } from './hello.ts';
import { MessageType, openTyped, typed } from './magic.ts';

/** Bytes of an HMAC-SHA256 confirmation. */
const CONFIRMATION = 32;
/** An uncompressed P-256 point has 65 bytes; anything much longer is noise. */
const SHARE_MAX = 128;

/** Viewer → host: the device's name and its SPAKE2 share. */
export interface PairRequest {
  readonly name: string;
  readonly share: Uint8Array;
}

/** `PKFc 10 ‖ u8 n ‖ name ‖ u16 LE s ‖ share`; nothing may follow (control-wire §1.4). */
export function encodePairRequest(request: PairRequest): Uint8Array<ArrayBuffer> {
  const name = truncateUtf8(request.name, HELLO_NAME_MAX);
  return putShare(typed(MessageType.PairRequest).u8(name.length).bytes(name), request.share).done();
}

export function decodePairRequest(bytes: Uint8Array): PairRequest {
  const reader = openTyped(bytes, MessageType.PairRequest, 'PairRequest');
  const nameLength = reader.u8();
  if (nameLength > HELLO_NAME_MAX) throw new CodedError('message.malformed', `PairRequest: a name has at most ${HELLO_NAME_MAX} bytes`);
  const name = reader.text(nameLength);
  const share = readShare(reader);
  reader.end();
  return { name, share };
}

/** Host → viewer: the host's share and its confirmation. */
export interface PairChallenge {
  readonly share: Uint8Array;
  readonly confirmation: Uint8Array;
}

/** `PKFc 11 ‖ u16 LE s ‖ share ‖ 32 bytes confirmation`. */
export function encodePairChallenge(challenge: PairChallenge): Uint8Array<ArrayBuffer> {
  return putShare(typed(MessageType.PairChallenge), challenge.share).bytes(exactly(challenge.confirmation)).done();
}

export function decodePairChallenge(bytes: Uint8Array): PairChallenge {
  const reader = openTyped(bytes, MessageType.PairChallenge, 'PairChallenge');
  const share = readShare(reader);
  const confirmation = reader.bytes(CONFIRMATION);
  reader.end();
  return { share, confirmation };
}

/** Viewer → host, 37 bytes: the viewer's confirmation. */
export function encodePairProof(confirmation: Uint8Array): Uint8Array<ArrayBuffer> {
  return typed(MessageType.PairProof).bytes(exactly(confirmation)).done();
}

export function decodePairProof(bytes: Uint8Array): Uint8Array {
  const reader = openTyped(bytes, MessageType.PairProof, 'PairProof');
  const confirmation = reader.bytes(CONFIRMATION);
  reader.end();
  return confirmation;
}

/** Host → viewer, 6 bytes. */
export function encodePairResult(ok: boolean): Uint8Array<ArrayBuffer> {
  return typed(MessageType.PairResult)
    .u8(ok ? 1 : 0)
    .done();
}

export function decodePairResult(bytes: Uint8Array): boolean {
  const reader = openTyped(bytes, MessageType.PairResult, 'PairResult');
  const ok = reader.boolean();
  reader.end();
  return ok;
}

function putShare(out: ByteWriter, share: Uint8Array): ByteWriter {
  if (share.length > SHARE_MAX) throw new RangeError(`a SPAKE2 share has at most ${SHARE_MAX} bytes`);
  return out.u16(share.length, true).bytes(share);
}

function readShare(reader: ByteReader): Uint8Array {
  const length = reader.u16(true);
  if (length > SHARE_MAX) throw new CodedError('message.malformed', `a SPAKE2 share has at most ${SHARE_MAX} bytes`);
  return reader.bytes(length);
}

function exactly(confirmation: Uint8Array): Uint8Array {
  if (confirmation.length !== CONFIRMATION) throw new RangeError(`a confirmation has ${CONFIRMATION} bytes`);
  return confirmation;
}

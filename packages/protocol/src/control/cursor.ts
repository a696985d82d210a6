import type { ByteReader, ByteWriter } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { MessageType, openTyped, typed } from './magic.ts';

/** Largest side of a cursor picture; a worker scales anything larger down (rule C9). */
export const CURSOR_MAX = 128;

/** The pointer's picture, which the viewer draws itself. A cursor of size 0 × 0 is hidden. */
export interface CursorShape {
  readonly width: number;
  readonly height: number;
  /** The pixel that points, from the top left corner. */
  readonly hotX: number;
  readonly hotY: number;
  /** width × height × 4 bytes: red, green, blue, alpha; not premultiplied. */
  readonly rgba: Uint8Array;
}

/** Host → viewer: `PKFc 50 ‖ width u16 ‖ height u16 ‖ hot x u16 ‖ hot y u16 ‖ RGBA`, little-endian. Usher's own message. */
export function encodeCursorShape(cursor: CursorShape): Uint8Array<ArrayBuffer> {
  return putCursor(typed(MessageType.CursorShape), cursor, true).done();
}

export function decodeCursorShape(bytes: Uint8Array): CursorShape {
  const reader = openTyped(bytes, MessageType.CursorShape, 'CursorShape');
  const cursor = readCursor(reader, true);
  reader.end();
  return cursor;
}

/** The fields alone: the control channel has them little-endian, the relay big-endian. */
export function putCursor(out: ByteWriter, cursor: CursorShape, littleEndian: boolean): ByteWriter {
  if (cursor.width > CURSOR_MAX || cursor.height > CURSOR_MAX || cursor.rgba.length !== cursor.width * cursor.height * 4) {
    throw new RangeError(`a cursor picture is at most ${CURSOR_MAX} × ${CURSOR_MAX} RGBA`);
  }
  for (const side of [cursor.width, cursor.height, cursor.hotX, cursor.hotY]) out.u16(side, littleEndian);
  return out.bytes(cursor.rgba);
}

export function readCursor(reader: ByteReader, littleEndian: boolean): CursorShape {
  const u16 = () => reader.u16(littleEndian);
  const [width, height, hotX, hotY] = [u16(), u16(), u16(), u16()];
  if (width > CURSOR_MAX || height > CURSOR_MAX) {
    throw new CodedError('message.malformed', `a cursor has at most ${CURSOR_MAX} pixels a side`);
  }
  return { width, height, hotX, hotY, rgba: reader.bytes(width * height * 4) };
}

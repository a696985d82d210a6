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
  if (cursor.width > CURSOR_MAX || cursor.height > CURSOR_MAX || cursor.rgba.length !== cursor.width * cursor.height * 4) {
    throw new RangeError('a cursor picture is at most 128 × 128 RGBA');
  }
  return typed(MessageType.CursorShape)
    .u16(cursor.width, true)
    .u16(cursor.height, true)
    .u16(cursor.hotX, true)
    .u16(cursor.hotY, true)
    .bytes(cursor.rgba)
    .done();
}

export function decodeCursorShape(bytes: Uint8Array): CursorShape {
  const reader = openTyped(bytes, MessageType.CursorShape, 'CursorShape');
  const [width, height, hotX, hotY] = [reader.u16(true), reader.u16(true), reader.u16(true), reader.u16(true)];
  if (width > CURSOR_MAX || height > CURSOR_MAX) throw new CodedError('message.malformed', `CursorShape: at most ${CURSOR_MAX} a side`);
  const rgba = reader.bytes(width * height * 4);
  reader.end();
  return { width, height, hotX, hotY, rgba };
}

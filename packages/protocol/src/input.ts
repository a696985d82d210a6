import { ByteReader, ByteWriter } from './bytes.ts';
import { CodedError } from './errors.ts';

/** Bytes of one input event (control-wire §1.6). */
export const INPUT_EVENT_BYTES = 18;
/** Most events in one channel message; a page sends one animation frame's worth (rule I2). */
export const INPUT_EVENTS_MAX = 64;
const TAG = 0xc8;

/** What an event does. 0–6 are the base protocol's; Text is Usher's own. */
export const InputKind = {
  KeyDown: 0,
  KeyUp: 1,
  /** x, y: movement in pixels. */
  PointerMoveBy: 2,
  /** x, y: position; flags: width << 16 | height of the surface that they are measured in. */
  PointerMoveTo: 3,
  /** code: 1 left, 2 middle, 3 right, 4 back, 5 forward. */
  ButtonDown: 4,
  ButtonUp: 5,
  /** x, y: 120ths of a wheel notch, right and down positive. */
  Scroll: 6,
  /** code: a Unicode code point to type, whatever the layout. */
  Text: 0x20,
  /** Everything that is held is let go: focus was lost. */
  ReleaseAll: 0x21,
} as const;
export type InputKind = (typeof InputKind)[keyof typeof InputKind];

const KINDS: ReadonlySet<number> = new Set(Object.values(InputKind));

export interface InputEvent {
  readonly kind: InputKind;
  /** Keys: Linux evdev key code; buttons and text: see the kind. */
  readonly code: number;
  readonly x: number;
  readonly y: number;
  readonly flags: number;
}

/** `c8 ‖ kind u8 ‖ code u32@2 ‖ x i32@6 ‖ y i32@10 ‖ flags u32@14`, little-endian, 18 bytes; several may follow each other. */
export function encodeInput(events: readonly InputEvent[]): Uint8Array<ArrayBuffer> {
  if (events.length > INPUT_EVENTS_MAX) throw new RangeError(`at most ${INPUT_EVENTS_MAX} input events in a message`);
  const out = new ByteWriter();
  for (const event of events) {
    out.u8(TAG).u8(event.kind).u32(event.code, true).i32(event.x, true).i32(event.y, true).u32(event.flags, true);
  }
  return out.done();
}

/** Events of a kind that this version doesn't know are skipped (rule I3), and so are those that mean nothing (I4); everything else wrong is a coded error. */
export function decodeInput(bytes: Uint8Array): readonly InputEvent[] {
  if (bytes.length % INPUT_EVENT_BYTES !== 0) {
    throw new CodedError('frame.truncated', `input comes in events of ${INPUT_EVENT_BYTES} bytes, got ${bytes.length}`);
  }
  if (bytes.length > INPUT_EVENTS_MAX * INPUT_EVENT_BYTES) {
    throw new CodedError('frame.oversized', `at most ${INPUT_EVENTS_MAX} input events in a message`);
  }
  const reader = new ByteReader(bytes, 'input');
  const events: InputEvent[] = [];
  for (let left = bytes.length / INPUT_EVENT_BYTES; left > 0; left -= 1) {
    if (reader.u8() !== TAG) throw new CodedError('message.malformed', 'an input event starts with c8');
    const kind = reader.u8();
    const fields = { code: reader.u32(true), x: reader.i32(true), y: reader.i32(true), flags: reader.u32(true) };
    if (isKind(kind) && meansSomething(kind, fields)) events.push({ kind, ...fields });
  }
  return events;
}

/** A position on a surface without a width or a height has no place on the screen; a surrogate is no character. */
function meansSomething(kind: InputKind, event: Omit<InputEvent, 'kind'>): boolean {
  if (kind === InputKind.PointerMoveTo) return event.flags >>> 16 > 0 && (event.flags & 0xffff) > 0;
  if (kind === InputKind.Text) return event.code <= 0x10_ffff && (event.code < 0xd800 || event.code > 0xdfff);
  return true;
}

function isKind(value: number): value is InputKind {
  return KINDS.has(value);
}

import { type InputEvent, InputKind } from '@usher/protocol';
import { evdevCode } from './key-codes.ts';

/** Unit of WheelEvent.deltaMode. */
const DeltaMode = { Pixel: 0, Line: 1, Page: 2 } as const;
/** What one notch of a wheel is in each unit, as browsers report it: 100 pixels, 3 lines; a page is taken for five notches. */
const NOTCHES_PER_UNIT: Readonly<Record<number, number>> = { [DeltaMode.Pixel]: 1 / 100, [DeltaMode.Line]: 1 / 3, [DeltaMode.Page]: 5 };
const PER_NOTCH = 120;

/** A key by KeyboardEvent.code; undefined for a key that the session's keyboard doesn't have. */
export function keyEvent(code: string, down: boolean): InputEvent | undefined {
  const evdev = evdevCode(code);
  return evdev === undefined ? undefined : event(down ? InputKind.KeyDown : InputKind.KeyUp, evdev);
}

/** A button by MouseEvent.button (0 left, 1 middle, 2 right, 3 back, 4 forward); undefined for any other. */
export function buttonEvent(button: number, down: boolean): InputEvent | undefined {
  if (!Number.isInteger(button) || button < 0 || button > 4) return undefined;
  return event(down ? InputKind.ButtonDown : InputKind.ButtonUp, button + 1);
}

/** A position in pixels of a surface of `width` × `height`; positions outside are brought to its edge. */
export function pointerTo(x: number, y: number, width: number, height: number): InputEvent {
  const side = (length: number) => Math.min(Math.max(Math.round(length), 1), 0xffff);
  const place = (at: number, length: number) => Math.min(Math.max(Math.round(at), 0), side(length) - 1);
  // `>>> 0` because the shifted width would be negative from 32768 on.
  return { ...event(InputKind.PointerMoveTo), x: place(x, width), y: place(y, height), flags: ((side(width) << 16) | side(height)) >>> 0 };
}

/** Movement in pixels, for a pointer that is locked. */
export function pointerBy(dx: number, dy: number): InputEvent {
  return { ...event(InputKind.PointerMoveBy), x: Math.round(dx), y: Math.round(dy) };
}

/** A WheelEvent's deltas and deltaMode as 120ths of a notch, right and down positive. */
export function wheelEvent(deltaX: number, deltaY: number, deltaMode: number): InputEvent {
  const factor = (NOTCHES_PER_UNIT[deltaMode] ?? 0) * PER_NOTCH;
  return { ...event(InputKind.Scroll), x: Math.round(deltaX * factor), y: Math.round(deltaY * factor) };
}

/** Text to type whatever the session's layout, one event a character. */
export function textEvents(text: string): readonly InputEvent[] {
  return Array.from(text, (character) => event(InputKind.Text, character.codePointAt(0)));
}

/** Everything that is held is let go: the page lost the focus. */
export function releaseAll(): InputEvent {
  return event(InputKind.ReleaseAll);
}

function event(kind: InputKind, code = 0): InputEvent {
  return { kind, code, x: 0, y: 0, flags: 0 };
}

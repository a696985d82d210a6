import { type InputEvent, InputKind } from '@usher/sdk';

/** What a WheelEvent tells; the last two are older than the standard, and still the only ones that tell a wheel from a touchpad. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
}

/** 120ths of a notch for one unit of deltaMode: browsers scroll 100 pixels or 3 lines a notch; a page is taken for five notches. */
const UNITS_PER_DELTA = [1.2, 40, 600] as const;
const NOTCH = 120;
/** A wheel's notch scrolls between 40 and 120 pixels, depending on zoom; a touchpad reports three times its pixels in wheelDelta. */
const WHEEL_RATIO = 0.4;

/** Turns of a wheel, or of two fingers on a touchpad, as 120ths of a notch. Keeps the fraction that a slow movement leaves over. */
export class WheelNotches {
  #leftX = 0;
  #leftY = 0;

  /** Undefined while the movement is less than one 120th. */
  turn(wheel: WheelTurn): InputEvent | undefined {
    const { deltaMode } = wheel; // read first: whoever asks Firefox for an amount before its unit gets pixels, by the size of the page's font
    const x = units(wheel.deltaX, wheel.wheelDeltaX, deltaMode) + this.#leftX;
    const y = units(wheel.deltaY, wheel.wheelDeltaY, deltaMode) + this.#leftY;
    const [wholeX, wholeY] = [Math.trunc(x), Math.trunc(y)];
    this.#leftX = x - wholeX;
    this.#leftY = y - wholeY;
    return wholeX === 0 && wholeY === 0 ? undefined : { kind: InputKind.Scroll, code: 0, x: wholeX, y: wholeY, flags: 0 };
  }
}

function units(delta: number, wheelDelta: number | undefined, mode: number): number {
  // A real wheel says exactly how many notches it turned, whatever the page's zoom makes of it in pixels, or the system's settings in lines.
  const notched = wheelDelta !== undefined && wheelDelta !== 0 && wheelDelta % NOTCH === 0;
  if (notched && (mode === 1 || (mode === 0 && Math.abs(delta / wheelDelta) >= WHEEL_RATIO))) return -wheelDelta;
  return delta * (UNITS_PER_DELTA[mode] ?? 0);
}

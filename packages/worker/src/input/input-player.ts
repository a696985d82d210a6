import { type InputEvent, InputKind } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import { Held } from './held.ts';
import { keysymOf } from './keysym.ts';
import { toScreen } from './surface.ts';
import type { TextKeys } from './text-keys.ts';
import { Wheel } from './wheel.ts';

/** X core event numbers, which XTEST's FakeInput takes. */
const KEY_PRESS = 2;
const KEY_RELEASE = 3;
const BUTTON_PRESS = 4;
const BUTTON_RELEASE = 5;
const MOTION = 6;
const RELATIVE = 1;
const ABSOLUTE = 0;
const NOW = 0;
const NONE = 0;

/** X's evdev keyboard numbers its keys 8 higher than the kernel does, because 0–7 are reserved. */
const EVDEV_TO_X = 8;
/** The last kernel key code that an X key code, a byte, can stand for. */
const EVDEV_MAX = 247;
/** Protocol's buttons as X numbers them: left, middle, right; 4–7 are the wheel, so back and forward come after. */
const X_BUTTONS: readonly (number | undefined)[] = [undefined, 1, 2, 3, 8, 9];
const WHEEL_UP = 4;
const WHEEL_DOWN = 5;
const WHEEL_LEFT = 6;
const WHEEL_RIGHT = 7;
/** The kernel's codes of both Shift keys, and X's code of the left one. */
const SHIFTS = [42, 54];
const SHIFT = 50;
/** Events that may wait for a key to be free: a long paste. What comes beyond it is lost, as on a keyboard that is hit too fast. */
const LATE_MAX = 4096;
/** FakeInput's coordinates are 16 bits; a relative step beyond that is no pointer's. */
const STEP_MAX = 32_767;

/** Plays viewers' keys, buttons, pointers and wheels on an X display through XTEST. */
export class InputPlayer {
  readonly #connection: XConnection;
  readonly #text: TextKeys;
  readonly #size: () => { readonly width: number; readonly height: number };
  readonly #clock: Clock;
  readonly #keys = new Held();
  readonly #buttons = new Held();
  /** What has come and couldn't be played yet. */
  #late: { readonly viewer: number; readonly event: InputEvent }[] = [];
  readonly #wheels = { across: new Wheel(), along: new Wheel() };

  constructor(connection: XConnection, text: TextKeys, size: () => { readonly width: number; readonly height: number }, clock: Clock) {
    this.#connection = connection;
    this.#text = text;
    this.#size = size;
    this.#clock = clock;
  }

  /** Events are played in the order in which they come, at once unless one before them has to wait. */
  play(viewer: number, event: InputEvent): void {
    if (this.#late.length < LATE_MAX) this.#late.push({ viewer, event });
    if (this.#late.length === 1) this.#catchUp();
  }

  /** Lets go of everything that this viewer holds, and forgets what it still wanted. */
  release(viewer: number): void {
    this.#late = this.#late.filter((late) => late.viewer !== viewer);
    this.#releaseHeld(viewer);
  }

  /** Lets go of everything: on somebody's own display a held key would outlive the worker. */
  close(): void {
    this.#late = [];
    for (const code of this.#keys.codes) this.#fake(KEY_RELEASE, code + EVDEV_TO_X);
    for (const button of this.#buttons.codes) this.#fake(BUTTON_RELEASE, button);
    this.#text.close();
  }

  #catchUp(): void {
    for (let late = this.#late[0]; late !== undefined; late = this.#late[0]) {
      const waitUs = this.#playNow(late.viewer, late.event);
      if (waitUs > 0) {
        this.#clock.after(waitUs, () => this.#catchUp());
        return;
      }
      this.#late.shift();
    }
  }

  /** Returns the microseconds after which to try again, or 0 if it is done. */
  #playNow(viewer: number, event: InputEvent): number {
    switch (event.kind) {
      case InputKind.KeyDown:
        // A repetition is no press: X repeats a held key by itself.
        if (isKey(event.code) && this.#keys.press(viewer, event.code)) this.#fake(KEY_PRESS, event.code + EVDEV_TO_X);
        return 0;
      case InputKind.KeyUp:
        if (this.#keys.release(viewer, event.code)) this.#fake(KEY_RELEASE, event.code + EVDEV_TO_X);
        return 0;
      case InputKind.PointerMoveBy:
        this.#fake(MOTION, RELATIVE, clampStep(event.x), clampStep(event.y));
        return 0;
      case InputKind.PointerMoveTo: {
        const { x, y } = toScreen(event, this.#size());
        this.#fake(MOTION, ABSOLUTE, x, y);
        return 0;
      }
      case InputKind.ButtonDown: {
        const button = X_BUTTONS[event.code];
        if (button !== undefined && this.#buttons.press(viewer, button)) this.#fake(BUTTON_PRESS, button);
        return 0;
      }
      case InputKind.ButtonUp: {
        const button = X_BUTTONS[event.code];
        if (button !== undefined && this.#buttons.release(viewer, button)) this.#fake(BUTTON_RELEASE, button);
        return 0;
      }
      case InputKind.Scroll:
        this.#turn(this.#wheels.along.turn(event.y), WHEEL_UP, WHEEL_DOWN);
        this.#turn(this.#wheels.across.turn(event.x), WHEEL_LEFT, WHEEL_RIGHT);
        return 0;
      case InputKind.Text:
        return this.#type(event.code);
      case InputKind.ReleaseAll:
        this.#releaseHeld(viewer);
        return 0;
      default:
        return event.kind satisfies never;
    }
  }

  #releaseHeld(viewer: number): void {
    for (const code of this.#keys.releaseAll(viewer)) this.#fake(KEY_RELEASE, code + EVDEV_TO_X);
    for (const button of this.#buttons.releaseAll(viewer)) this.#fake(BUTTON_RELEASE, button);
  }

  #turn(notches: number, back: number, forth: number): void {
    const button = notches < 0 ? back : forth;
    for (let left = Math.abs(notches); left > 0; left -= 1) {
      this.#fake(BUTTON_PRESS, button);
      this.#fake(BUTTON_RELEASE, button);
    }
  }

  #type(codePoint: number): number {
    const keysym = keysymOf(codePoint);
    const shiftHeld = this.#keys.codes.some((code) => SHIFTS.includes(code));
    const key = keysym === undefined ? undefined : this.#text.keyFor(keysym, shiftHeld);
    if (key === undefined) return 0;
    if ('waitUs' in key) return key.waitUs;
    const needsShift = key.shift && !shiftHeld;
    if (needsShift) this.#fake(KEY_PRESS, SHIFT);
    this.#fake(KEY_PRESS, key.keycode);
    this.#fake(KEY_RELEASE, key.keycode);
    if (needsShift) this.#fake(KEY_RELEASE, SHIFT);
    return 0;
  }

  #fake(type: number, detail: number, x = 0, y = 0): void {
    this.#connection.extensions.xtest.FakeInput(type, detail, NOW, type === MOTION ? this.#connection.root : NONE, x, y);
  }
}

function isKey(code: number): boolean {
  return code >= 1 && code <= EVDEV_MAX;
}

function clampStep(step: number): number {
  return Math.min(Math.max(step, -STEP_MAX), STEP_MAX);
}

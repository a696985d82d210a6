import { decodeInput, encodeInput, InputKind } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buttonEvent, keyEvent, pointerBy, pointerTo, releaseAll, textEvents, wheelEvent } from './events.ts';
import { EVDEV_OF_CODE, evdevCode } from './key-codes.ts';
import { PointerCoalescer } from './pointer-coalescer.ts';

describe('key codes', () => {
  it.each([
    ['Escape', 1],
    ['KeyA', 30],
    ['KeyY', 21],
    ['KeyZ', 44],
    ['Enter', 28],
    ['NumpadEnter', 96],
    ['ShiftRight', 54],
    ['MetaLeft', 125],
    ['ArrowLeft', 105],
    ['IntlBackslash', 86],
    ['F12', 88],
    ['F24', 194],
  ])('P7.2: %s is evdev %d', (code, evdev) => expect(evdevCode(code)).toBe(evdev));

  it('P7.2: no two places share a code, and each fits an X keycode', () => {
    const codes = Object.values(EVDEV_OF_CODE);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code + 8).toBeLessThanOrEqual(255);
  });

  it.each(['', 'Unidentified', 'toString', '__proto__', 'keya'])('P7.2: %j has no key', (code) => {
    expect(evdevCode(code)).toBeUndefined();
    expect(keyEvent(code, true)).toBeUndefined();
  });
});

describe('what the DOM says, as input events', () => {
  it.each([
    ['a key goes down', keyEvent('KeyA', true), { kind: InputKind.KeyDown, code: 30 }],
    ['a key goes up', keyEvent('KeyA', false), { kind: InputKind.KeyUp, code: 30 }],
    ['left', buttonEvent(0, true), { kind: InputKind.ButtonDown, code: 1 }],
    ['middle', buttonEvent(1, true), { kind: InputKind.ButtonDown, code: 2 }],
    ['right', buttonEvent(2, false), { kind: InputKind.ButtonUp, code: 3 }],
    ['back', buttonEvent(3, true), { kind: InputKind.ButtonDown, code: 4 }],
    ['forward', buttonEvent(4, true), { kind: InputKind.ButtonDown, code: 5 }],
    ['a notch down in pixels', wheelEvent(0, 100, 0), { kind: InputKind.Scroll, x: 0, y: 120 }],
    ['a notch up in lines', wheelEvent(0, -3, 1), { kind: InputKind.Scroll, x: 0, y: -120 }],
    ['a page to the right', wheelEvent(1, 0, 2), { kind: InputKind.Scroll, x: 600, y: 0 }],
    ['an unknown unit', wheelEvent(9, 9, 7), { kind: InputKind.Scroll, x: 0, y: 0 }],
    ['movement', pointerBy(-3.4, 2.6), { kind: InputKind.PointerMoveBy, x: -3, y: 3 }],
    ['a position', pointerTo(10.4, 20.5, 1280, 720), { kind: InputKind.PointerMoveTo, x: 10, y: 21, flags: (1280 << 16) | 720 }],
    ['a position outside', pointerTo(-5, 9999, 1280, 720), { kind: InputKind.PointerMoveTo, x: 0, y: 719 }],
    ['a wide surface', pointerTo(0, 0, 40_000, 720), { kind: InputKind.PointerMoveTo, flags: 40_000 * 65_536 + 720 }],
    ['a surface without size', pointerTo(5, 5, 0, 0), { kind: InputKind.PointerMoveTo, x: 0, y: 0, flags: 65_537 }],
    ['everything let go', releaseAll(), { kind: InputKind.ReleaseAll }],
  ])('P7.2: %s', (_what, event, expected) => expect(event).toMatchObject(expected));

  it.each([-1, 5, 1.5, Number.NaN])('P7.2: button %d is none', (button) => expect(buttonEvent(button, true)).toBeUndefined());

  it('P7.2: text is one event a character, also beyond 16 bits', () => {
    expect(textEvents('ß😀').map((event) => event.code)).toEqual([0xdf, 0x1f600]);
  });

  it('P7.2: whatever the page reports, the event survives the wire', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, fc.integer({ min: 0, max: 2 }), (x, y, width, height, unit) => {
        const events = [pointerTo(x, y, width, height), pointerBy(x, y), wheelEvent(x, y, unit)];
        expect(decodeInput(encodeInput(events))).toEqual(events.map((event) => ({ ...event, x: event.x + 0, y: event.y + 0 })));
      }),
    );
  });
});

describe('pointer motion of one frame', () => {
  it('P7.2: the last position counts', () => {
    const motion = new PointerCoalescer();
    for (const x of [1, 2, 3]) motion.add(pointerTo(x, 0, 100, 100));
    expect(motion.take()?.x).toBe(3);
    expect(motion.take()).toBeUndefined();
  });

  it('P7.2: movements add up', () => {
    const motion = new PointerCoalescer();
    for (const dx of [1, 2, -5]) motion.add(pointerBy(dx, 1));
    expect(motion.take()).toMatchObject({ kind: InputKind.PointerMoveBy, x: -2, y: 3 });
  });
});

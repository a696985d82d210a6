import { describe, expect, it } from 'vitest';
import { WheelNotches, type WheelTurn } from './wheel-notches.ts';

function turn(more: Partial<WheelTurn>): WheelTurn {
  return { deltaX: 0, deltaY: 0, deltaMode: 0, ...more };
}

function scrolled(...turns: readonly WheelTurn[]): readonly [number, number] {
  const wheel = new WheelNotches();
  const events = turns.map((each) => wheel.turn(each));
  return [events.reduce((sum, event) => sum + (event?.x ?? 0), 0), events.reduce((sum, event) => sum + (event?.y ?? 0), 0)];
}

describe('the wheel in 120ths of a notch', () => {
  it.each([
    ['a notch down in Chrome', turn({ deltaY: 100, wheelDeltaY: -120 }), [0, 120]],
    ['a notch up on Linux', turn({ deltaY: -120, wheelDeltaY: 120 }), [0, -120]],
    ['a notch on a zoomed page', turn({ deltaY: 66.7, wheelDeltaY: -120 }), [0, 120]],
    ['a notch to the right', turn({ deltaX: 100, wheelDeltaX: -120 }), [120, 0]],
    ['three lines in Firefox', turn({ deltaY: 3, deltaMode: 1 }), [0, 120]],
    ['a notch in a Firefox whose person has five lines a notch', turn({ deltaY: 5, wheelDeltaY: -120, deltaMode: 1 }), [0, 120]],
    ['a page', turn({ deltaY: 1, deltaMode: 2 }), [0, 600]],
    ['pixels of a touchpad', turn({ deltaY: 10, wheelDeltaY: -30 }), [0, 12]],
    ['a touchpad that looks like a notch', turn({ deltaY: 40, wheelDeltaY: -120 }), [0, 48]],
    ['a unit that nobody knows', turn({ deltaY: 5, deltaMode: 9 }), [0, 0]],
  ] as const)('I1: %s', (_name, wheel, expected) => {
    expect(scrolled(wheel)).toEqual(expected);
  });

  it('I1: Firefox is asked for the unit first, and so tells lines instead of pixels that depend on the page’s font', () => {
    let asked = false;
    const firefox: WheelTurn = {
      get deltaMode() {
        asked = true;
        return 1;
      },
      deltaX: 0,
      get deltaY() {
        return asked ? 3 : 57;
      },
    };
    expect(scrolled(firefox)).toEqual([0, 120]);
  });

  it('I1: slow movements add up instead of getting lost', () => {
    const [, y] = scrolled(...Array.from({ length: 100 }, () => turn({ deltaY: 0.5 })));
    expect(Math.abs(y - 60)).toBeLessThanOrEqual(1); // the last 120th may still be under way
  });
});

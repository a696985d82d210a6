import { describe, expect, it } from 'vitest';
import { type TouchAction, TouchGestures } from './touch-gestures.ts';

/** `>x,y` move, `+b`/`-b` button, `~dx,dy` scroll. */
function story(actions: readonly TouchAction[]): string {
  return actions.map(told).join(' ');
}

function told(action: TouchAction): string {
  if (action.type === 'move') return `>${action.x},${action.y}`;
  return action.type === 'button' ? `${action.down ? '+' : '-'}${action.button}` : `~${action.dx},${action.dy}`;
}

describe('fingers as a pointer', () => {
  it('I1: a tap moves there and clicks', () => {
    const touch = new TouchGestures();
    expect(story(touch.down(1, { x: 50, y: 60 }))).toBe('>50,60');
    expect(story(touch.move(1, { x: 52, y: 61 }))).toBe('');
    expect(story(touch.up(1))).toBe('+0 -0');
  });

  it('I1: a drag presses where it began', () => {
    const touch = new TouchGestures();
    touch.down(1, { x: 50, y: 50 });
    expect(story(touch.move(1, { x: 80, y: 50 }))).toBe('+0 >80,50');
    expect(story(touch.move(1, { x: 90, y: 50 }))).toBe('>90,50');
    expect(story(touch.up(1))).toBe('-0');
  });

  it('I1: two fingers turn the wheel, and the content follows them', () => {
    const touch = new TouchGestures();
    touch.down(1, { x: 100, y: 100 });
    expect(story(touch.down(2, { x: 200, y: 100 }))).toBe('');
    expect(story(touch.move(1, { x: 100, y: 80 }))).toBe('~0,10');
    expect(story(touch.move(2, { x: 200, y: 80 }))).toBe('~0,10');
    expect(story(touch.up(1))).toBe('');
    expect(story(touch.move(2, { x: 300, y: 300 }))).toBe('');
    expect(story(touch.up(2))).toBe('');
  });

  it('I1: a long press is the right button, once', () => {
    const touch = new TouchGestures();
    touch.down(1, { x: 5, y: 5 });
    expect(touch.resting).toBe(true);
    expect(story(touch.longPress())).toBe('+2 -2');
    expect(touch.resting).toBe(false);
    expect(story(touch.longPress())).toBe('');
    expect(story(touch.up(1))).toBe('');
  });

  it('I1: a finger that drags has no long press', () => {
    const touch = new TouchGestures();
    touch.down(1, { x: 5, y: 5 });
    touch.move(1, { x: 50, y: 5 });
    expect(story(touch.longPress())).toBe('');
  });

  it('I2: fingers that are taken away leave nothing pressed', () => {
    const touch = new TouchGestures();
    touch.down(1, { x: 5, y: 5 });
    touch.move(1, { x: 50, y: 5 });
    expect(story(touch.cancel())).toBe('-0');
    expect(story(touch.up(1))).toBe('');
    expect(story(touch.down(2, { x: 1, y: 2 }))).toBe('>1,2');
  });

  it('I1: a finger that was never put down is ignored', () => {
    const touch = new TouchGestures();
    expect(story(touch.move(9, { x: 1, y: 1 }))).toBe('');
    expect(story(touch.up(9))).toBe('');
  });
});

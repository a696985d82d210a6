/** What fingers on the glass mean for a desktop that knows a pointer. Positions are those of the finger, deltas in its pixels. */
export type TouchAction =
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  /** Buttons as MouseEvent.button: 0 left, 2 right. */
  | { readonly type: 'button'; readonly button: 0 | 2; readonly down: boolean }
  /** The content follows the fingers: right and down are positive for the wheel, so these are the fingers' way reversed. */
  | { readonly type: 'scroll'; readonly dx: number; readonly dy: number };

/** A finger that has moved less than this still taps. */
const STILL_PX = 10;
/** A finger that rests for this long means the right button. */
export const LONG_PRESS_MS = 500;

interface Point {
  readonly x: number;
  readonly y: number;
}

type State =
  | { readonly name: 'idle' }
  /** One finger, not moved yet: it may become a tap, a drag, a long press, or the first of two. */
  | { readonly name: 'resting'; readonly from: Point }
  | { readonly name: 'dragging' }
  | { readonly name: 'scrolling'; readonly centre: Point }
  /** The gesture has had its effect; what the fingers still do until all are up means nothing. */
  | { readonly name: 'spent' };

/** Tap = click, drag = drag with the left button, two fingers = wheel, long press = right click. */
export class TouchGestures {
  readonly #fingers = new Map<number, Point>();
  #state: State = { name: 'idle' };

  /** Whether a long press would count now: its caller keeps the time, and calls {@link longPress}. */
  get resting(): boolean {
    return this.#state.name === 'resting';
  }

  /** Whether the left button is held. */
  get dragging(): boolean {
    return this.#state.name === 'dragging';
  }

  down(finger: number, at: Point): readonly TouchAction[] {
    this.#fingers.set(finger, at);
    if (this.#state.name === 'idle') {
      this.#state = { name: 'resting', from: at };
      return [{ type: 'move', ...at }];
    }
    if (this.#state.name === 'resting') this.#state = { name: 'scrolling', centre: this.#centre() };
    return [];
  }

  move(finger: number, to: Point): readonly TouchAction[] {
    if (!this.#fingers.has(finger)) return [];
    this.#fingers.set(finger, to);
    switch (this.#state.name) {
      case 'resting':
        return this.#perhapsDrag(this.#state.from, to);
      case 'dragging':
        return [{ type: 'move', ...to }];
      case 'scrolling':
        return this.#scroll(this.#state.centre);
      case 'idle':
      case 'spent':
        return [];
      default:
        return this.#state satisfies never;
    }
  }

  up(finger: number): readonly TouchAction[] {
    if (!this.#fingers.delete(finger)) return [];
    const { name } = this.#state;
    // A second finger that rests on the glass neither drags nor scrolls on by itself.
    this.#state = this.#fingers.size === 0 ? { name: 'idle' } : { name: 'spent' };
    if (name === 'resting') return click(0);
    return name === 'dragging' ? [{ type: 'button', button: 0, down: false }] : [];
  }

  /** The finger has rested for {@link LONG_PRESS_MS}. */
  longPress(): readonly TouchAction[] {
    if (this.#state.name !== 'resting') return [];
    this.#state = { name: 'spent' };
    return click(2);
  }

  /** The browser or the page took the fingers away: nothing stays pressed. */
  cancel(): readonly TouchAction[] {
    const wasDragging = this.#state.name === 'dragging';
    this.#fingers.clear();
    this.#state = { name: 'idle' };
    return wasDragging ? [{ type: 'button', button: 0, down: false }] : [];
  }

  #perhapsDrag(from: Point, to: Point): readonly TouchAction[] {
    if (Math.hypot(to.x - from.x, to.y - from.y) < STILL_PX) return [];
    this.#state = { name: 'dragging' };
    return [
      { type: 'button', button: 0, down: true },
      { type: 'move', ...to },
    ];
  }

  #scroll(before: Point): readonly TouchAction[] {
    const centre = this.#centre();
    this.#state = { name: 'scrolling', centre };
    const [dx, dy] = [before.x - centre.x, before.y - centre.y];
    return dx === 0 && dy === 0 ? [] : [{ type: 'scroll', dx, dy }];
  }

  #centre(): Point {
    const points = [...this.#fingers.values()];
    const sum = points.reduce((total, point) => ({ x: total.x + point.x, y: total.y + point.y }), { x: 0, y: 0 });
    return { x: sum.x / points.length, y: sum.y / points.length };
  }
}

function click(button: 0 | 2): readonly TouchAction[] {
  return [
    { type: 'button', button, down: true },
    { type: 'button', button, down: false },
  ];
}

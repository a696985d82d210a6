import { type InputEvent, pointerTo, wheelEvent } from '@usher/sdk';
import { FrameMotion } from './frame-motion.ts';
import { HeldButtons } from './held-buttons.ts';
import { pictureArea, toSession } from './picture-area.ts';
import type { Listen, Stage } from './stage.ts';
import { LONG_PRESS_MS, type TouchAction, TouchGestures } from './touch-gestures.ts';
import { WheelNotches } from './wheel-notches.ts';

/** Mouse, pen, wheel and fingers. */
export function listenToPointer(stage: Stage, listen: Listen): { stop(): void } {
  const pointer = new StagePointer(stage);
  const fingers = new Fingers(pointer);
  const wheel = new WheelNotches();

  listen('pointerdown', (event) => {
    stage.element.focus({ preventScroll: true });
    stage.element.setPointerCapture(event.pointerId); // a drag goes on outside of the window
    if (event.pointerType === 'touch') fingers.down(event);
    else pointer.at(event, event.buttons);
  });
  listen('pointermove', (event) => (event.pointerType === 'touch' ? fingers.move(event) : pointer.at(event, event.buttons)));
  listen('pointerup', (event) => (event.pointerType === 'touch' ? fingers.up(event) : pointer.at(event, event.buttons)));
  listen('pointercancel', (event) => (event.pointerType === 'touch' ? fingers.cancel(event) : pointer.at(event, 0)));
  listen('wheel', (event) => {
    event.preventDefault();
    const turned = wheel.turn(event);
    if (turned !== undefined) stage.session.sendInput([turned]);
  });
  return {
    stop: () => {
      fingers.stop();
      pointer.stop();
    },
  };
}

interface Place {
  readonly clientX: number;
  readonly clientY: number;
}

/** The session's one pointer: where it is and which of its buttons are held. */
class StagePointer {
  readonly #stage: Stage;
  readonly #motion: FrameMotion;
  readonly #buttons = new HeldButtons();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#motion = new FrameMotion((event) => stage.session.sendPointer(event));
  }

  /** The pointer is at `place` with these buttons held (PointerEvent.buttons). */
  at(place: Place, buttons: number): void {
    const position = this.#position(place);
    if (position === undefined) return;
    const changes = this.#buttons.change(buttons);
    if (changes.length === 0) {
      this.#motion.add(position);
      return;
    }
    // A button goes where the pointer is: its position travels before it, in order, and not beside it.
    this.#motion.drop();
    this.#stage.session.sendInput([position, ...changes]);
  }

  scroll(dx: number, dy: number): void {
    this.#stage.session.sendInput([wheelEvent(dx, dy, 0)]);
  }

  stop(): void {
    this.#motion.stop();
  }

  /** In the session's pixels; undefined before the first picture. */
  #position(place: Place): InputEvent | undefined {
    const picture = this.#stage.picture();
    const bounds = this.#stage.element.getBoundingClientRect();
    const area = pictureArea(bounds, picture);
    if (area === undefined) return undefined;
    const [x, y] = [place.clientX - bounds.left, place.clientY - bounds.top];
    this.#stage.pointed(x, y, area);
    const at = toSession(area, x, y);
    return pointerTo(at.x, at.y, picture.width, picture.height);
  }
}

/** PointerEvent.buttons for what a finger does. */
const NOTHING = 0;
const MASK_OF_BUTTON = { 0: 1, 2: 2 } as const;

/** Fingers on the glass, as the one pointer. Keeps the time of a long press, which is the one gesture that no event ends. */
class Fingers {
  readonly #pointer: StagePointer;
  readonly #gestures = new TouchGestures();
  #last: Place = { clientX: 0, clientY: 0 };
  #longPress: ReturnType<typeof setTimeout> | undefined;

  constructor(pointer: StagePointer) {
    this.#pointer = pointer;
  }

  down(event: PointerEvent): void {
    this.#act(event, this.#gestures.down(event.pointerId, pointOf(event)));
    this.stop();
    if (this.#gestures.resting) this.#longPress = setTimeout(() => this.#perform(this.#gestures.longPress()), LONG_PRESS_MS);
  }

  move(event: PointerEvent): void {
    this.#act(event, this.#gestures.move(event.pointerId, pointOf(event)));
  }

  up(event: PointerEvent): void {
    this.#act(event, this.#gestures.up(event.pointerId));
  }

  cancel(event: PointerEvent): void {
    this.#act(event, this.#gestures.cancel());
  }

  stop(): void {
    clearTimeout(this.#longPress);
  }

  #act(event: PointerEvent, actions: readonly TouchAction[]): void {
    event.preventDefault();
    this.#perform(actions);
    if (!this.#gestures.resting) this.stop();
  }

  #perform(actions: readonly TouchAction[]): void {
    for (const action of actions) {
      if (action.type === 'scroll') this.#pointer.scroll(action.dx, action.dy);
      else if (action.type === 'button') this.#pointer.at(this.#last, action.down ? MASK_OF_BUTTON[action.button] : NOTHING);
      else this.#moveTo({ clientX: action.x, clientY: action.y });
    }
  }

  #moveTo(place: Place): void {
    this.#last = place;
    this.#pointer.at(place, this.#held);
  }

  get #held(): number {
    return this.#gestures.dragging ? MASK_OF_BUTTON[0] : NOTHING;
  }
}

function pointOf(event: PointerEvent): { readonly x: number; readonly y: number } {
  return { x: event.clientX, y: event.clientY };
}

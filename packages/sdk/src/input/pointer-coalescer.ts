import { type InputEvent, InputKind } from '@usher/protocol';

/**
 * Joins the motion of one animation frame: a mouse reports up to a thousand times a second, the session shows sixty pictures.
 * Of positions the last one counts; movements add up.
 */
export class PointerCoalescer {
  #waiting: InputEvent | undefined;

  add(motion: InputEvent): void {
    const before = this.#waiting;
    const adds = motion.kind === InputKind.PointerMoveBy && before?.kind === InputKind.PointerMoveBy;
    this.#waiting = adds ? { ...motion, x: before.x + motion.x, y: before.y + motion.y } : motion;
  }

  /** What there is to send, once. Also taken before a button is sent, so that it is pressed where the pointer is. */
  take(): InputEvent | undefined {
    const taken = this.#waiting;
    this.#waiting = undefined;
    return taken;
  }
}

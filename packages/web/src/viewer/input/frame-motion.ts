import { type InputEvent, PointerCoalescer } from '@usher/sdk';

/** At most one motion for each animation frame. The first of a movement goes out at once: it has waited for nobody. */
export class FrameMotion {
  readonly #send: (event: InputEvent) => void;
  readonly #waiting = new PointerCoalescer();
  #frame: number | undefined;

  constructor(send: (event: InputEvent) => void) {
    this.#send = send;
  }

  add(event: InputEvent): void {
    if (this.#frame !== undefined) {
      this.#waiting.add(event);
      return;
    }
    this.#send(event);
    this.#frame = requestAnimationFrame(() => this.#next());
  }

  /** A position has gone out another way: what waits is older. */
  drop(): void {
    this.#waiting.take();
  }

  stop(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.drop();
  }

  #next(): void {
    this.#frame = undefined;
    const waiting = this.#waiting.take();
    if (waiting !== undefined) this.add(waiting);
  }
}

import type { CursorShape } from '@usher/sdk';

/**
 * Draws the session's pointer where the person's own one is: the picture comes without it, so it never lags behind the hand. The
 * browser's own pointer hides as soon as there is one to draw.
 */
export class CursorPainter {
  readonly #stage: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  #shape: CursorShape | undefined;
  #x = 0;
  #y = 0;
  #scale = 1;
  #placed = false;

  constructor(stage: HTMLElement, canvas: HTMLCanvasElement) {
    this.#stage = stage;
    this.#canvas = canvas;
  }

  show(shape: CursorShape): void {
    this.#shape = shape;
    this.#stage.classList.add('stage-own-cursor');
    const { width, height } = shape;
    if (width > 0 && height > 0) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      const picture = new ImageData(new Uint8ClampedArray(shape.rgba), width, height);
      this.#canvas.getContext('2d')?.putImageData(picture, 0, 0);
    }
    this.#place();
  }

  /** Stage coordinates in CSS pixels, and CSS pixels for one of the session's. */
  move(x: number, y: number, scale: number): void {
    this.#x = x;
    this.#y = y;
    this.#scale = scale;
    this.#placed = true;
    this.#place();
  }

  #place(): void {
    const shape = this.#shape;
    const visible = this.#placed && shape !== undefined && shape.width > 0;
    this.#canvas.classList.toggle('stage-cursor-visible', visible);
    if (!visible) return;
    const [left, top] = [this.#x - shape.hotX * this.#scale, this.#y - shape.hotY * this.#scale];
    this.#canvas.style.transform = `translate(${left}px, ${top}px) scale(${this.#scale})`;
  }
}

import type { UsbWindow } from '@usher/protocol';

/** What one claim may have under way with v2 (rule U13): enough for one 1 MiB transfer each way, or 128 small ones. */
export const V2_WINDOW: UsbWindow = { frames: 128, bytes: 2 * 1024 * 1024 };

/** What is left of a window, in frames and bytes. */
export class Window {
  readonly #size: UsbWindow;
  #frames: number;
  #bytes: number;

  constructor(size: UsbWindow) {
    this.#size = size;
    this.#frames = size.frames;
    this.#bytes = size.bytes;
  }

  /** Whether `cost` fits an empty window; what doesn't never will. */
  holds(cost: UsbWindow): boolean {
    return cost.frames <= this.#size.frames && cost.bytes <= this.#size.bytes;
  }

  /** Takes `cost`; false where it doesn't fit what is left, and then nothing is taken. */
  take(cost: UsbWindow): boolean {
    if (cost.frames > this.#frames || cost.bytes > this.#bytes) return false;
    this.#frames -= cost.frames;
    this.#bytes -= cost.bytes;
    return true;
  }

  /** Gives back what was taken. */
  give(cost: UsbWindow): void {
    this.#frames += cost.frames;
    this.#bytes += cost.bytes;
  }
}

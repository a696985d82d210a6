import { type DrawingClient, settled } from './open-display.ts';

/** Where the block is and how large, in pixels of the desktop; the probe in the page looks at its middle. */
export const BLOCK = { x: 200, y: 200, side: 200 } as const;

/** A block on top of everything, black or white: the change whose way to the page is timed. */
export class FlippingBlock {
  readonly #display: DrawingClient;
  readonly #window: number;
  readonly #contexts: readonly [number, number];
  #white = false;

  private constructor(display: DrawingClient, window: number, contexts: readonly [number, number]) {
    this.#display = display;
    this.#window = window;
    this.#contexts = contexts;
  }

  static async create(display: DrawingClient): Promise<FlippingBlock> {
    const { client, root } = display;
    const window = client.AllocID();
    client.CreateWindow(window, root, BLOCK.x, BLOCK.y, BLOCK.side, BLOCK.side, 0, 0, 0, 0, { overrideRedirect: true, backgroundPixel: 0 });
    client.MapWindow(window);
    const contexts = [client.AllocID(), client.AllocID()] as const;
    client.CreateGC(contexts[0], window, { foreground: 0x000000 });
    client.CreateGC(contexts[1], window, { foreground: 0xffffff });
    await settled(client);
    return new FlippingBlock(display, window, contexts);
  }

  /** Changes the colour; returns when it asked for that, in milliseconds of `performance`. */
  flip(): number {
    this.#white = !this.#white;
    const at = performance.now();
    this.#display.client.PolyFillRectangle(this.#window, this.#contexts[this.#white ? 1 : 0], [0, 0, BLOCK.side, BLOCK.side]);
    return at;
  }

  close(): void {
    this.#display.client.DestroyWindow(this.#window);
  }
}

import type { Page } from 'playwright-core';
import { BLOCK } from '../desktop/flipping-block.ts';

/** What the probe saw: when the block had which colour, in milliseconds of the page's own clock. */
interface Sighting {
  readonly white: boolean;
  readonly at: number;
}

declare global {
  // The probe lives in the page that is measured; nothing of the product sets or reads it.
  var usherBench: { sightings: Sighting[]; clickedAt: number; firstFrameAt: number };
}

/** The picture in the page: Usher's <video>, or a peer's <canvas>. */
export type Picture = { readonly selector: string; readonly kind: 'video' | 'canvas' };

/**
 * Reads the block's middle back from every picture that the page shows. A video tells of each of its frames
 * (requestVideoFrameCallback); a canvas is looked at once per animation frame.
 */
export async function watchBlock(page: Page, picture: Picture): Promise<void> {
  await page.evaluate(
    ({ selector, kind, x, y }) => {
      const element = document.querySelector(selector);
      const sightings: { white: boolean; at: number }[] = [];
      globalThis.usherBench = { sightings, clickedAt: 0, firstFrameAt: 0 };
      const small = document.createElement('canvas');
      small.width = 4;
      small.height = 4;
      const context = small.getContext('2d', { willReadFrequently: true });
      if (context === null || !(element instanceof HTMLVideoElement || element instanceof HTMLCanvasElement))
        throw new Error(`no ${selector}`);
      const look = () => {
        context.drawImage(element, x - 2, y - 2, 4, 4, 0, 0, 4, 4);
        const white = (context.getImageData(1, 1, 1, 1).data[1] ?? 0) > 127;
        if (sightings.at(-1)?.white !== white) sightings.push({ white, at: performance.now() });
        again();
      };
      const again = () => {
        if (kind === 'video' && element instanceof HTMLVideoElement) element.requestVideoFrameCallback(look);
        else requestAnimationFrame(look);
      };
      again();
    },
    { ...picture, x: BLOCK.x + BLOCK.side / 2, y: BLOCK.y + BLOCK.side / 2 },
  );
}

/** How many sightings there are, and when the last one was. */
export async function lastSighting(page: Page): Promise<{ readonly count: number; readonly at: number }> {
  return page.evaluate(() => {
    const { sightings } = globalThis.usherBench;
    return { count: sightings.length, at: sightings.at(-1)?.at ?? 0 };
  });
}

/** Waits in the page, so that the waiting itself costs no round trips. */
export async function sightingAfter(page: Page, count: number, withinMs: number): Promise<number | undefined> {
  return page.evaluate(
    ({ count, withinMs }) =>
      new Promise<number | undefined>((resolve) => {
        const deadline = performance.now() + withinMs;
        const check = () => {
          const found = globalThis.usherBench.sightings[count];
          if (found !== undefined) resolve(found.at);
          else if (performance.now() > deadline) resolve(undefined);
          else setTimeout(check, 5);
        };
        check();
      }),
    { count, withinMs },
  );
}

/** Adds to a time of the page's clock to get this process's `performance` clock; the quickest of many round trips has the smallest error. */
export async function clockOffset(page: Page): Promise<number> {
  let best = { rtt: Number.POSITIVE_INFINITY, offset: 0 };
  for (let round = 0; round < 60; round += 1) {
    const before = performance.now();
    const there = await page.evaluate(() => performance.now());
    const rtt = performance.now() - before;
    if (rtt < best.rtt) best = { rtt, offset: before + rtt / 2 - there };
  }
  return best.offset;
}

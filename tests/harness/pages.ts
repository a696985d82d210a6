import type { Page } from 'playwright-core';
import type { HostProcess } from './host-process.ts';

/** A cold desktop on two busy cores takes a second or two; the rest is for a slow machine, or one that stalls. */
const PICTURE_WITHIN_MS = 60_000;

/** The live picture of the viewer's page. */
const DESKTOP = '[data-testid="desktop"]';

/** Opens the viewer's page on a browser that the host doesn't know, types a fresh PIN, and is at the desktop. */
export async function pairWithPin(page: Page, host: HostProcess): Promise<void> {
  await page.goto(host.url);
  await page.getByRole('button', { name: 'I have a PIN' }).click();
  await typePin(page, await host.armPin());
  await pictureShown(page);
}

export async function typePin(page: Page, pin: string): Promise<void> {
  await page.getByRole('textbox', { name: 'PIN' }).first().click();
  await page.keyboard.type(pin);
  await page.getByRole('button', { name: 'Pair this device' }).click();
}

/** The one tap of a paired device. */
export async function openDesktop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the desktop' }).click();
}

/** Waits for a decoded picture of the desktop. */
export async function pictureShown(page: Page): Promise<void> {
  await page.locator(DESKTOP).waitFor({ timeout: PICTURE_WITHIN_MS });
  await page.waitForFunction(
    (selector) => {
      const video = document.querySelector(selector);
      return video instanceof HTMLVideoElement && video.videoWidth > 0 && video.currentTime > 0;
    },
    DESKTOP,
    { timeout: PICTURE_WITHIN_MS },
  );
}

/** Where the terminal of a session lies, as wide as a page's window is at first: in CSS pixels, also on the picture. */
export const IN_THE_TERMINAL = { x: 400, y: 300 } as const;

/** Waits until the terminal can be seen: it opens by itself, after the first picture. Its ground is much darker than the desktop's. */
export async function terminalShown(page: Page): Promise<void> {
  await page.waitForFunction(
    ({ selector, x, y }) => {
      const video = document.querySelector(selector);
      const pen = new OffscreenCanvas(1, 1).getContext('2d');
      if (!(video instanceof HTMLVideoElement) || pen === null) return false;
      pen.drawImage(video, x, y, 1, 1, 0, 0, 1, 1);
      const [red = 255, green = 255, blue = 255] = pen.getImageData(0, 0, 1, 1).data;
      return red + green + blue < 110;
    },
    { selector: DESKTOP, ...IN_THE_TERMINAL },
    { timeout: PICTURE_WITHIN_MS, polling: 100 },
  );
}

/** Opens one of the toolbar's tools. The toolbar hides by itself, but not while something in it has the focus. */
export async function useTool(page: Page, name: 'Statistics' | 'USB' | 'Full screen' | 'Leave full screen' | 'Leave'): Promise<void> {
  const tool = page.getByRole('button', { name, exact: true });
  await tool.focus();
  await tool.click();
}

/** Opens the statistics, and waits until they show all of that and a time. */
export async function statisticsShown(page: Page, words: readonly (string | RegExp)[]): Promise<void> {
  await useTool(page, 'Statistics');
  const panel = page.getByRole('region', { name: 'Statistics' });
  for (const word of [...words, /\d+(\.\d+)? ms/]) await panel.getByText(word).first().waitFor();
}

/**
 * Watches for what the page shows for a while only, which somebody who looks now and then would miss on a machine that stalls: an element of
 * `selector` whose text is like that. The function that comes back waits until it has been there.
 */
export async function watchFor(page: Page, selector: string, text: RegExp): Promise<() => Promise<void>> {
  const watch = await page.evaluateHandle(
    ({ selector, pattern }) => {
      const isThere = () => [...document.querySelectorAll(selector)].some(({ textContent }) => new RegExp(pattern, 'u').test(textContent));
      const seen = new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isThere()) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      return { seen };
    },
    { selector, pattern: text.source },
  );
  return () => watch.evaluate(({ seen }) => seen);
}

/** What Shift makes of a key on a US keyboard. */
const SHIFTED: Readonly<Record<string, string>> = { '>': 'Period', '|': 'Backslash', _: 'Minus', '"': 'Quote', $: 'Digit4', '&': 'Digit7' };

/** Types as fingers do on a US keyboard, Shift included; Playwright's own `type` sends a shifted character without Shift. */
export async function typeWithFingers(page: Page, text: string): Promise<void> {
  for (const character of text) {
    const key = /[A-Z]/.test(character) ? `Key${character}` : SHIFTED[character];
    if (key === undefined) await page.keyboard.press(character === '\n' ? 'Enter' : character);
    else await page.keyboard.press(`Shift+${key}`);
  }
}

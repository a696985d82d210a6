import type { Page } from 'playwright-core';
import type { HostProcess } from './host-process.ts';

/** A cold desktop on two busy cores takes a second or two; the rest is for a slow machine. */
const PICTURE_WITHIN_MS = 20_000;

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
  const submit = page.getByRole('button', { name: 'Pair this device' });
  if (await submit.isVisible()) await submit.click();
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

/** Opens one of the toolbar's tools: the toolbar hides by itself, so its handle comes first. */
export async function useTool(page: Page, name: 'Statistics' | 'USB' | 'Leave'): Promise<void> {
  const handle = page.getByRole('button', { name: 'Show the toolbar' });
  if ((await handle.getAttribute('aria-expanded')) === 'false') await handle.click();
  await page.getByRole('button', { name, exact: true }).click();
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

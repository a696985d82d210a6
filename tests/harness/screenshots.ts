import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';

const DIRECTORY = 'tests/e2e/screenshots';

/** Keeps what a person would see, for people to look at; git ignores the folder. `whole` is the page with what must be scrolled to. */
export async function screenshot(page: Page, name: string, { whole = false } = {}): Promise<void> {
  const path = `${DIRECTORY}/${name}.png`;
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: whole });
}

import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';

const DIRECTORY = 'tests/e2e/screenshots';

/** Keeps what a person would see, for people to look at; git ignores the folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true });
  await page.screenshot({ path: `${DIRECTORY}/${name}.png` });
}

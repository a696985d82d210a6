import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';

const DIRECTORY = 'tests/e2e/screenshots';

/** Keeps what a person would see, for people to look at; git ignores the folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const path = `${DIRECTORY}/${name}.png`;
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path });
}

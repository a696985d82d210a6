import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { atRest, barriersIn } from '../harness/accessibility.ts';
import { Browser } from '../harness/browser.ts';
import { screenshot } from '../harness/screenshots.ts';
import { Storybook, type StoryLook } from '../harness/storybook.ts';

interface Look extends StoryLook {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  /** Half of the looks have each colour, each language and each size once, which is what axe can tell apart. */
  readonly axe: boolean;
}

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

/** Every language in both colours, wide and on a phone. Ends as it begins, so that each play function finds English. */
const LOOKS: readonly Look[] = [
  { name: 'dark-de-phone', theme: 'dark', locale: 'de', viewport: PHONE, axe: true },
  { name: 'light-de-phone', theme: 'light', locale: 'de', viewport: PHONE, axe: false },
  { name: 'dark-en', theme: 'dark', locale: 'en', viewport: DESKTOP, axe: false },
  { name: 'light-en', theme: 'light', locale: 'en', viewport: DESKTOP, axe: true },
];

// Built before the tests are counted: each story is one of them.
const book = await Storybook.build();

describe('every story', () => {
  let browser: Browser;
  let page: Page;
  /** Whether the frame is as the last story should have left it. */
  let isFit = false;

  beforeAll(async () => {
    browser = await Browser.launch({ viewport: DESKTOP });
    page = await browser.page();
  });

  beforeEach(async () => {
    if (!isFit) await book.open(page);
    isFit = false;
    browser.problems.splice(0);
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await book[Symbol.asyncDispose]();
  });

  it.each(book.stories)('P8.4: %s has no error, no barrier and no edge to scroll to, in both colours and languages', async (story) => {
    await book.show(page, story);
    for (const look of LOOKS) expect.soft(await faultsOf(story, look), look.name).toEqual([]);
    isFit = true;
  });

  async function faultsOf(story: string, look: Look): Promise<readonly string[]> {
    await page.setViewportSize(look.viewport);
    await book.dress(page, look);
    await atRest(page);
    await screenshot(page, `stories/${story}-${look.name}`, { whole: true });
    const barriers = look.axe ? await barriersIn(page) : [];
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const logged = browser.problems.splice(0);
    return [...logged, ...barriers, ...(wide > 0 ? [`the page is ${wide} pixels wider than the window`] : [])];
  }
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriersIn } from '../harness/accessibility.ts';
import { Browser } from '../harness/browser.ts';
import { screenshot } from '../harness/screenshots.ts';
import { Storybook, type StoryLook } from '../harness/storybook.ts';

interface Look extends StoryLook {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
}

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

/** Every language in both colours, and both on a phone. */
const LOOKS: readonly Look[] = [
  { name: 'light-en', theme: 'light', locale: 'en', viewport: DESKTOP },
  { name: 'dark-de', theme: 'dark', locale: 'de', viewport: DESKTOP },
  { name: 'light-de-phone', theme: 'light', locale: 'de', viewport: PHONE },
  { name: 'dark-en-phone', theme: 'dark', locale: 'en', viewport: PHONE },
];

describe('every story', () => {
  let book: Storybook;
  let browser: Browser;
  let page: Page;
  const opened: AsyncDisposable[] = [];

  beforeAll(async () => {
    book = await Storybook.build();
    opened.push(book);
    browser = await Browser.launch();
    opened.push(browser);
    page = await browser.page();
    await book.open(page);
  });

  afterAll(async () => {
    for (const open of opened.reverse()) await open[Symbol.asyncDispose]();
  });

  it('P8.4: is shown in both colours and both languages, wide and on a phone, without an error and without a barrier', async () => {
    expect(book.stories.length).toBeGreaterThan(0);
    for (const story of book.stories) {
      await book.show(page, story);
      for (const look of LOOKS) expect.soft(await faultsOf(story, look), `${story} ${look.name}`).toEqual([]);
    }
  });

  async function faultsOf(story: string, look: Look): Promise<readonly string[]> {
    await page.setViewportSize(look.viewport);
    await book.dress(page, look);
    await page.evaluate(atRest);
    await screenshot(page, `stories/${story}-${look.name}`);
    const barriers = await barriersIn(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const logged = browser.problems.splice(0);
    return [...logged, ...barriers, ...(wide > 0 ? [`the page is ${wide} pixels wider than the window`] : [])];
  }
});

/** Runs in the page: what moves has arrived. What never stops, like the dots of a wait, needn't. */
async function atRest(): Promise<void> {
  const finite = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
  await Promise.allSettled(finite.map((one) => one.finished));
}

import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriersIn } from '../harness/accessibility.ts';
import { Browser } from '../harness/browser.ts';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { eventually } from '../harness/eventually.ts';
import { HostProcess } from '../harness/host-process.ts';
import { pictureShown } from '../harness/pages.ts';
import { People } from '../harness/people.ts';
import { screenshot } from '../harness/screenshots.ts';
import { TemporaryDirectory } from '../harness/temporary-directory.ts';
import { keptByPage } from '../harness/viewer-store.ts';

/** More presses of one arrow than any page of a television has rows. */
const PRESSES_MAX = 12;

/** A television with a remote control: nothing here touches the page but keys, and messages of its shell. */
describe('a family in front of a television', () => {
  let host: HostProcess;
  let page: Page;
  let browser: Browser;
  let den: string;
  const keep = closedAfterSuite();

  beforeAll(async () => {
    host = await keep(HostProcess.start());
    const keys = await keep(TemporaryDirectory.make('people'));
    const people = new People(host, keys.path);
    await people.profile('Guests', { allow_shared_view: true, accent: 'ochre' });
    den = await people.profile('Den', { accent: 'sea' }, '24ab');
    browser = await keep(Browser.launch({ viewport: { width: 1920, height: 1080 } }));
    page = await browser.page();
    await page.goto(`${host.url}?tv#tv-user=ada`);
  });

  const press = (key: string) => page.keyboard.press(key);
  const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');

  /** Presses an arrow until what begins with these words, or the key of this character, has the focus. */
  async function walkTo(words: string, arrow: 'ArrowDown' | 'ArrowRight' | 'ArrowUp' | 'ArrowLeft'): Promise<void> {
    for (let presses = 0; presses < PRESSES_MAX; presses += 1) {
      const text = await focused();
      if (words.length === 1 ? text === words : text.startsWith(words)) return;
      await press(arrow);
    }
    throw new Error(`${arrow} does not lead to “${words}” but to “${await focused()}”`);
  }

  /** The key of webOS, which has a number and no name. */
  async function pressBack(): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    for (const type of ['rawKeyDown', 'keyUp'] as const)
      await devtools.send('Input.dispatchKeyEvent', { type, windowsVirtualKeyCode: 461 });
    await devtools.detach();
  }

  /** As the shell of the television does, which runs its script in the page. */
  const shellSays = (user: string | null) =>
    page.evaluate(
      (name) =>
        new Promise<void>((heard) => {
          window.addEventListener('message', () => heard(), { once: true });
          window.postMessage({ type: 'usher.tv-user', version: 1, user: name }, location.origin);
        }),
      user,
    );

  const profilesInUse = async () => {
    const { body } = await host.api('GET', '/api/v1/sessions');
    return JSON.stringify(body);
  };

  it('P9.5: pairs by the digits of the remote', async () => {
    await heading('Welcome');
    await walkTo('I have a PIN', 'ArrowDown');
    await press('Enter');
    await heading('Enter the PIN');
    const pin = await host.armPin();
    // One digit by the arrows, as a remote without digits does: the five has the focus at first.
    await press('Enter');
    await press('Backspace');
    for (const digit of pin) await press(digit);
    await screenshot(page, 'tv-pin');
    expect(await barriersIn(page)).toEqual([]);
    await walkTo('8', 'ArrowDown');
    await walkTo('0', 'ArrowDown');
    await press('ArrowDown');
    await walkTo('Pair this device', 'ArrowRight');
    await press('Enter');
    await pictureShown(page);
  });

  it('P9.5: “back” leads from the desktop to the toolbar, and from there out', async () => {
    await page.locator('.stage-live').waitFor();
    await pressBack();
    await walkTo('Leave', 'ArrowRight');
    await press('Enter');
    await heading('See you soon');
  });

  it('P9.5: chooses a profile, and its passcode by the keys on the screen', async () => {
    await walkTo('Choose profile…', 'ArrowDown');
    await press('Enter');
    await heading('Whose desktop?');
    await page.getByRole('listitem').first().waitFor();
    await walkTo('DDen', 'ArrowRight');
    await screenshot(page, 'tv-picker');
    expect(await barriersIn(page)).toEqual([]);
    await press('Enter');
    await heading('Enter the passcode');
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await walkTo('2', 'ArrowUp');
    await press('Enter');
    await press('4');
    await walkTo('abc', 'ArrowUp');
    await press('Enter');
    await press('ArrowDown');
    await press('ArrowDown');
    await walkTo('a', 'ArrowLeft');
    await press('Enter');
    await press('b');
    await page.getByRole('status', { name: '4 characters entered' }).waitFor();
    await screenshot(page, 'tv-passcode');
    expect(await barriersIn(page)).toEqual([]);
    await walkTo('Erase', 'ArrowDown');
    await walkTo('Enter', 'ArrowRight');
    await press('Enter');
    await pictureShown(page);
    expect(await profilesInUse()).toContain(den);
  });

  it('P9.5: another user in front of the television ends the session at once', async () => {
    await shellSays('kim');
    await heading('Welcome back');
    await eventually('no session', async () => ((await profilesInUse()) === '{"sessions":[]}' ? true : undefined));
  });

  it('P9.5: a user who is new here chooses first, and “back” leads out of it', async () => {
    await walkTo('Open the desktop', 'ArrowUp');
    await press('Enter');
    await heading('Whose desktop?');
    await page.getByRole('listitem').first().waitFor();
    await press('Escape');
    await heading('Welcome back');
  });

  it('P9.5: a user who was here before lands in the same profile, and is asked for its passcode again', async () => {
    await shellSays('ada');
    await press('Enter');
    await heading('Enter the passcode');
    await page.getByText('Den', { exact: true }).waitFor();
    const { passcodes, keyExtractable } = await keptByPage(page);
    expect([passcodes, keyExtractable]).toEqual([[], undefined]);
  });

  it('P9.5: no request to the host names the user', async () => {
    expect(host.log().join('\n')).not.toMatch(/\bada\b|\bkim\b/);
    const { body } = await host.api('GET', '/api/v1/audit?limit=200');
    expect(JSON.stringify(body)).not.toMatch(/\bada\b|\bkim\b/);
  });

  it('P9.5: without a shell the last profile of the television is one press away', async () => {
    await page.goto('about:blank');
    await page.goto(`${host.url}?tv`);
    await heading('Welcome back');
    await press('Enter');
    await heading('Enter the passcode');
    await page.getByText('Den', { exact: true }).waitFor();
  });

  it('no page logged an error or broke the content security policy', () => {
    expect(browser.problems).toEqual([]);
  });
});

import { CEREMONY_SPACING_MS } from '@usher/domain';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../harness/browser.ts';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { eventually } from '../harness/eventually.ts';
import { HostProcess } from '../harness/host-process.ts';
import { pairWithPin, pictureShown, typePin } from '../harness/pages.ts';
import { screenshot } from '../harness/screenshots.ts';

describe('the operator at the console, and a second browser at the door', () => {
  let host: HostProcess;
  let operator: Browser;
  let visitor: Browser;
  let console_: Page;
  let door: Page;
  /** When the last guess at a PIN was over. */
  let guessedMs: number;
  const keep = closedAfterSuite();

  beforeAll(async () => {
    host = await keep(HostProcess.start());
    operator = await keep(Browser.launch());
    visitor = await keep(Browser.launch({ locale: 'de-DE', colorScheme: 'dark' }));
    console_ = await operator.page();
    door = await visitor.page();
  });

  it('P8.1: the console is closed to a wrong token, and says where the right one is', async () => {
    await console_.goto(new URL('/console', host.url).href);
    await console_.getByLabel('Token').fill('0'.repeat(64));
    await console_.getByRole('button', { name: 'Sign in' }).click();
    await console_.getByText('That isn’t this host’s token.').waitFor();
    await screenshot(console_, 'console-wrong-token');
    // The browser itself notes the refused request; that is no fault of the page.
    operator.problems.splice(0);
  });

  it('P8.1: with the token the overview says who is in', async () => {
    await console_.getByLabel('Token').fill(await host.token());
    await console_.getByRole('button', { name: 'Sign in' }).click();
    await console_.getByRole('heading', { name: 'Who is in, right now?' }).waitFor();
    await screenshot(console_, 'console-overview');
  });

  it('P9.1: a browser without a PIN knocks, shows its fingerprint, and is let in by the operator', async () => {
    await door.goto(host.url);
    await door.getByRole('button', { name: 'Um Einlass bitten' }).click();
    await door.getByRole('heading', { name: 'Warten auf Einlass' }).waitFor();
    await screenshot(door, 'knock-german-dark');
    await console_.getByRole('link', { name: /Devices/ }).click();
    const approve = console_.getByRole('button', { name: 'Let in' });
    await approve.waitFor();
    await screenshot(console_, 'console-pending');
    await approve.click();
    await pictureShown(door);
  });

  it('P7.4: the operator ends the session, and the viewer says who did', async () => {
    await console_.getByRole('link', { name: /Overview/ }).click();
    await console_.getByRole('button', { name: 'End session' }).click();
    await console_.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
    await door.getByRole('button', { name: 'Neu verbinden' }).waitFor();
    await screenshot(door, 'ended-by-operator');
  });

  it('P9.1: a removed device is not known any more', async () => {
    await door.getByRole('button', { name: 'Neu verbinden' }).click();
    await pictureShown(door);
    await console_.getByRole('link', { name: /Devices/ }).click();
    await console_.getByRole('button', { name: /^Remove/ }).click();
    await screenshot(console_, 'console-remove');
    await console_.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await console_.getByText('No device yet.').waitFor();
    const { body } = await host.api('GET', '/api/v1/native/clients');
    expect(body).toEqual({ clients: [] });
    await door.getByText('operator', { exact: false }).or(door.getByRole('button')).first().waitFor();
    await screenshot(door, 'removed');
  });

  it('P9.1: a wrong PIN is told, spends the PIN, and pairs nobody', async () => {
    const stranger = await keep(Browser.launch());
    const page = await stranger.page();
    await page.goto(host.url);
    await page.getByRole('button', { name: 'I have a PIN' }).click();
    const pin = await host.armPin();
    await typePin(page, pin === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: 'Enter a new PIN' }).waitFor();
    guessedMs = performance.now();
    await screenshot(page, 'wrong-pin');
    const { body } = await host.api('GET', '/api/v1/native/pair');
    expect(body).toEqual({ armed: false });
  });

  it('P9.1: after a wrong PIN a right one still lets a person in', async () => {
    const stranger = await keep(Browser.launch());
    // Whoever comes sooner is told to wait, and a quick machine has its browser before that.
    await eventually('the next guess', async () => (performance.now() - guessedMs > CEREMONY_SPACING_MS ? true : undefined));
    await pairWithPin(await stranger.page(), host);
  });

  it('no page logged an error or broke the content security policy', () => {
    expect([...operator.problems, ...visitor.problems]).toEqual([]);
  });
});

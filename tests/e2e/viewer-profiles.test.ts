import { Reader } from '@usher/protocol';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriersIn } from '../harness/accessibility.ts';
import { Browser } from '../harness/browser.ts';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { eventually } from '../harness/eventually.ts';
import { HostProcess } from '../harness/host-process.ts';
import { IN_THE_TERMINAL, openDesktop, pairWithPin, pictureShown, terminalShown, useTool, watchFor } from '../harness/pages.ts';
import { People } from '../harness/people.ts';
import { screenshot } from '../harness/screenshots.ts';
import { TemporaryDirectory } from '../harness/temporary-directory.ts';
import { keptByPage } from '../harness/viewer-store.ts';

/** Looked for in all that the browser keeps: ids, ports and times, which have four digits in a row by chance. */
const PASSCODE = 'zq-lantern-2468';

describe('a person who chooses a profile', () => {
  let host: HostProcess;
  let page: Page;
  let browser: Browser;
  let people: People;
  /** A profile of the operator's own account: without a broker, the only kind that opens. */
  let den: string;
  let guests: string;
  const keep = closedAfterSuite();

  beforeAll(async () => {
    host = await keep(HostProcess.start());
    const keys = await keep(TemporaryDirectory.make('people'));
    people = new People(host, keys.path);
    guests = await people.profile('Guests', { allow_shared_view: true, accent: 'ochre' });
    den = await people.profile('Den', { accent: 'sea' }, PASSCODE);
    await people.profile('Kids', { os_account: { kind: 'linux', username: 'kid' }, accent: 'plum' }, 'tea at 4');
    browser = await keep(Browser.launch());
    page = await browser.page();
    await pairWithPin(page, host);
    await leave();
  });

  async function leave(): Promise<void> {
    await useTool(page, 'Leave');
    await page.getByRole('heading', { name: 'See you soon' }).waitFor();
    await eventually('a host without a session', async () => ((await sessions()).length === 0 ? true : undefined));
  }

  /** The profiles that somebody is in. */
  async function sessions(): Promise<readonly string[]> {
    const { body } = await host.api('GET', '/api/v1/sessions');
    return Reader.of(body, 'answer').list('sessions', 16, (session) => session.string('profile_id'));
  }

  const tile = (name: string) => page.getByRole('listitem').getByRole('button', { name });

  async function choose(): Promise<void> {
    await page.getByRole('button', { name: 'Choose profile…' }).click();
    await tile('Guests').waitFor();
  }

  async function unlock(passcode: string, { remember = false } = {}): Promise<void> {
    await page.getByLabel('Passcode').fill(passcode);
    if (remember) await page.getByLabel('Remember on this device').check();
    await page.getByRole('button', { name: /^Enter/ }).click();
  }

  it('P9.2: sees the profiles that the host offers this device, its own first', async () => {
    await choose();
    expect(await page.getByRole('listitem').getByRole('strong').allTextContents()).toEqual(['Operator', 'Guests', 'Den', 'Kids']);
    expect(await tile('Operator').textContent()).toContain('Of this device');
    expect(await tile('Guests').textContent()).not.toContain('Passcode');
    expect(await barriersIn(page)).toEqual([]);
    await screenshot(page, 'viewer-picker');
  });

  it('P9.2: enters one without a passcode by one press, and the statistics name it', async () => {
    await tile('Guests').click();
    await pictureShown(page);
    await useTool(page, 'Statistics');
    const panel = page.getByRole('region', { name: 'Statistics' });
    const row = (name: string) => panel.locator('div', { has: page.getByText(name, { exact: true }) }).locator('dd');
    await row('Profile').filter({ hasText: 'Guests' }).getByText(guests).waitFor();
    // A picture has an age only where something moves: keys that are typed into the terminal.
    await terminalShown(page);
    await page.mouse.click(IN_THE_TERMINAL.x, IN_THE_TERMINAL.y);
    for (const name of ['Round trip', 'Loss', 'Bitrate', 'Codec', 'Frame age']) {
      await eventually(`a figure for ${name}`, async () => {
        await page.keyboard.press('a');
        return /\d/.test((await row(name).textContent()) ?? '') ? true : undefined;
      });
    }
    await screenshot(page, 'viewer-statistics');
    await leave();
  });

  it('P9.2: is brought to the same profile by the next tap, also after the page was loaded anew', async () => {
    await page.reload();
    await openDesktop(page);
    await pictureShown(page);
    expect(await sessions()).toEqual([guests]);
    await leave();
  });

  it('P9.2: is asked for a passcode; a missing one is told from a wrong one, after which there is a wait', async () => {
    await choose();
    await tile('Kids').click();
    await page.getByRole('button', { name: 'Enter', exact: true }).click();
    await page.getByText('Enter the passcode first.').waitFor();
    const counted = await watchFor(page, 'button:disabled', /^Enter in 0:0\d$/);
    await unlock('coffee');
    await counted();
    await page.getByText('That passcode didn’t match.').waitFor();
    expect(await page.getByLabel('Passcode').inputValue()).toBe('');
    expect(await barriersIn(page)).toEqual([]);
    await screenshot(page, 'viewer-wrong-passcode');
  });

  it('P9.2: may try again when the time is over', async () => {
    await page.getByRole('button', { name: 'Enter', exact: true, disabled: false }).waitFor();
  });

  it('P6.4: with the right passcode hears that the host can’t open that account, and never sees the operator’s desktop', async () => {
    await unlock('tea at 4');
    await page.getByRole('heading', { name: 'This host can’t open that person’s desktop yet' }).waitFor();
    await page.getByText('usher doctor').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await screenshot(page, 'viewer-no-broker');
    expect(await sessions()).toEqual([]);
    expect((await keptByPage(page)).passcodes).toEqual([]);
  });

  it('P9.3: has the passcode remembered on request, and is asked for nothing the next time', async () => {
    await page.getByRole('button', { name: 'Choose another profile' }).click();
    await tile('Den').click();
    expect(await page.getByLabel('Remember on this device').isChecked()).toBe(false);
    await unlock(PASSCODE, { remember: true });
    await pictureShown(page);
    await leave();
    await page.reload();
    await choose();
    expect(await tile('Den').textContent()).toContain('Passcode remembered');
    await tile('Den').click();
    await pictureShown(page);
    await leave();
    await page.reload();
    await openDesktop(page);
    await pictureShown(page);
    expect(await sessions()).toEqual([den]);
    await leave();
  });

  it('P9.3: what the browser keeps is sealed under a key that no script can take away', async () => {
    const { passcodes, keyExtractable, text } = await keptByPage(page);
    expect(passcodes).toMatchObject([{ origin: new URL(host.url).origin, fingerprint: host.fingerprint, profile: den }]);
    expect(keyExtractable).toBe(false);
    expect(text).not.toContain(PASSCODE);
  });

  it('P9.3: a passcode that was changed meanwhile is forgotten, and asked for', async () => {
    await host.api('POST', `/api/v1/profiles/${den}/passcode`, { passcode: '1357' });
    await openDesktop(page);
    await page.getByText('That passcode didn’t match.').waitFor();
    expect((await keptByPage(page)).passcodes).toEqual([]);
    await page.getByRole('button', { name: 'Enter', exact: true, disabled: false }).waitFor();
    await unlock('1357', { remember: true });
    await pictureShown(page);
    expect((await keptByPage(page)).passcodes).toHaveLength(1);
    await leave();
  });

  it('P9.1, P9.3: sees the host with its fingerprint, and whoever forgets it forgets its passcodes', async () => {
    await page.getByRole('button', { name: 'Hosts' }).click();
    const card = page.getByRole('region', { name: new URL(host.url).host });
    await card.getByText('This host').waitFor();
    expect((await card.textContent())?.replaceAll(' ', '')).toContain(host.fingerprint.slice(0, 8));
    expect(await barriersIn(page)).toEqual([]);
    await screenshot(page, 'viewer-hosts');
    await card.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('What is this host called here?').fill('Attic');
    await page.getByRole('button', { name: 'Save' }).click();
    const attic = page.getByRole('region', { name: 'Attic' });
    await attic.getByRole('button', { name: 'Forget' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
    await page.getByRole('heading', { name: 'Welcome', exact: true }).waitFor();
    expect(await keptByPage(page)).toMatchObject({ passcodes: [], hosts: [] });
  });

  it('P3.2: a default profile with a passcode asks a device that is new here, as soon as it is paired', async () => {
    await people.makeDefault(den);
    const visitor = await keep(Browser.launch());
    const door = await visitor.page();
    await door.goto(host.url);
    await door.getByRole('button', { name: 'I have a PIN' }).click();
    await door.getByLabel('PIN').fill(await host.armPin());
    await door.getByRole('button', { name: 'Pair this device' }).click();
    await door.getByRole('heading', { name: 'Enter the passcode' }).waitFor();
    await door.getByText('Den', { exact: true }).waitFor();
    await door.getByLabel('Passcode').fill('1357');
    await door.getByRole('button', { name: 'Enter', exact: true }).click();
    await pictureShown(door);
    expect(await sessions()).toEqual([den]);
    expect(visitor.problems).toEqual([]);
  });

  it('no page logged an error or broke the content security policy', () => {
    expect(browser.problems).toEqual([]);
  });
});

import { Reader } from '@usher/protocol';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriersIn } from '../harness/accessibility.ts';
import { Browser } from '../harness/browser.ts';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { signIn, visit } from '../harness/console.ts';
import { HostProcess } from '../harness/host-process.ts';
import { pictureShown } from '../harness/pages.ts';
import { screenshot } from '../harness/screenshots.ts';

/** Nothing else on the machine is called like it, so a search through everything can't find it by chance. */
const PASSCODE = 'zq-lantern-4711-vault';

describe('the operator keeps profiles in the console', () => {
  let host: HostProcess;
  let operator: Browser;
  let visitor: Browser;
  let page: Page;
  let door: Page;
  const keep = closedAfterSuite();

  beforeAll(async () => {
    host = await keep(HostProcess.start());
    operator = await keep(Browser.launch());
    visitor = await keep(Browser.launch());
    page = await operator.page();
    door = await visitor.page();
    await signIn(page, host);
  });

  it('P8.4: makes one on the operator’s desktop, with limits', async () => {
    await visit(page, 'Profiles');
    await page.getByText('Only the operator’s.').waitFor();
    await screenshot(page, 'console-profiles-none');
    await page.getByRole('link', { name: 'New profile' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Guests');
    await page.getByRole('radio', { name: 'Plum' }).check({ force: true }); // the disc is what is seen and clicked
    await page.getByLabel('Width, at most').fill('1280');
    await page.getByLabel('Data rate in Mbit/s, at most').fill('2.5');
    await page.getByRole('button', { name: 'Make this profile' }).click();
    await page.getByRole('heading', { name: 'Passcode' }).waitFor();
    expect(await profiles()).toMatchObject([
      {
        display_name: 'Guests',
        accent: 'plum',
        os_account: { kind: 'operator' },
        session_defaults: { max_width: 1280, max_bitrate_kbps: 2500 },
      },
    ]);
  });

  it('P8.4: sets its passcode, which is then nowhere on the page', async () => {
    await page.getByRole('button', { name: 'Set a passcode' }).click();
    await page.getByLabel('New passcode').fill(PASSCODE);
    await page.getByLabel('Once more').fill(`${PASSCODE}!`);
    await page.getByRole('button', { name: 'Set the passcode' }).click();
    await page.getByText('The two aren’t the same.').waitFor();
    await page.getByLabel('Once more').fill(PASSCODE);
    await page.getByRole('button', { name: 'Set the passcode' }).click();
    await page.getByText('The passcode is set.', { exact: false }).waitFor();
    expect(await profiles()).toMatchObject([{ has_passcode: true }]);
    expect(await page.content()).not.toContain(PASSCODE);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(PASSCODE);
    await screenshot(page, 'console-profile-passcode');
  });

  it('P8.4: chooses titles from the library', async () => {
    const [title] = await titles();
    await page.getByRole('radio', { name: 'Only chosen ones' }).check();
    await page.getByRole('searchbox', { name: 'Search titles' }).fill(title ?? 'no title');
    await page.getByRole('group', { name: 'Titles of this host' }).getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await profiles()).toMatchObject([{ library_scope: { mode: 'allow', ids: [expect.any(String)] }, has_passcode: true }]);
  });

  it('P8.4: is told at the field what the host doesn’t take', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Gu\u202eests');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The host says: has characters that do not show').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    await page.getByRole('button', { name: 'Undo the changes' }).click();
    operator.problems.splice(0); // the browser itself notes the refused request; that is no fault of the page
  });

  it('P8.4: lets a device that knocks into the profile, in one step', async () => {
    await visit(page, 'Devices');
    await door.goto(host.url);
    await door.getByRole('button', { name: 'Ask to be let in' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Sam’s phone');
    await page.getByLabel('Comes to').selectOption({ label: 'Guests' });
    await screenshot(page, 'console-approve-into-profile');
    await page.getByRole('button', { name: 'Let in' }).click();
    await pictureShown(door);
    await page
      .getByRole('row', { name: /Sam’s phone/ })
      .getByRole('link', { name: 'Guests' })
      .waitFor();
    expect(await profiles()).toMatchObject([{ assigned_fingerprints: [expect.stringMatching(/^[0-9a-f]{64}$/)] }]);
  });

  it('P8.4: limits hold for the session', async () => {
    const width = await door.evaluate(() => document.querySelector('video')?.videoWidth);
    expect(width).toBeLessThanOrEqual(1280);
  });

  it('P7.4: reclaims the desktop from it', async () => {
    await page
      .getByRole('row', { name: /Sam’s phone/ })
      .getByRole('link', { name: 'Guests' })
      .click();
    await page.getByRole('button', { name: 'Reclaim the desktop from Sam’s phone' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
    await door.getByRole('button', { name: 'Connect again' }).waitFor();
    await page.getByText('Nobody.').waitFor();
    await screenshot(page, 'console-profile');
  });

  it('P8.4: takes the device away, and gives it back', async () => {
    await page.getByRole('button', { name: 'Take away: Sam’s phone' }).click();
    await page.getByText('No device belongs here yet.').waitFor();
    await page.getByLabel('Another device').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Assign' }).click();
    await page.getByRole('button', { name: 'Take away: Sam’s phone' }).waitFor();
  });

  it('P8.4: asks before what was typed is lost', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Friends');
    await visit(page, 'Overview');
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await profiles()).toMatchObject([{ display_name: 'Friends', has_passcode: true }]);
  });

  it('P8.4: is told of what another operator saved meanwhile, sees it, or replaces it knowingly', async () => {
    const name = page.getByLabel('Name', { exact: true });
    const told = page.getByText('Somebody else has changed this profile meanwhile');
    await name.fill('Colleagues');
    await rename('Neighbours');
    await page.getByRole('button', { name: 'Save' }).click();
    await told.waitFor();
    await screenshot(page, 'console-profile-changed-meanwhile');
    expect(await profiles()).toMatchObject([{ display_name: 'Neighbours' }]);
    await page.getByRole('button', { name: 'Undo the changes' }).click();
    await expect.poll(() => name.inputValue()).toBe('Neighbours');
    await name.fill('Friends');
    await rename('Strangers');
    await page.getByRole('button', { name: 'Save' }).click();
    await told.waitFor();
    await page.getByRole('button', { name: 'Replace theirs' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await profiles()).toMatchObject([{ display_name: 'Friends', has_passcode: true, assigned_fingerprints: [expect.any(String)] }]);
    operator.problems.splice(0); // the browser itself notes the refused requests
  });

  it('P8.4: makes it the default', async () => {
    await visit(page, 'Profiles');
    await page.getByRole('button', { name: 'Make default: Friends' }).click();
    await page.getByRole('button', { name: 'Make default: Operator' }).waitFor();
    await screenshot(page, 'console-profiles');
  });

  it('P1.8: removes it while somebody is in only once told to end the session', async () => {
    await door.getByRole('button', { name: 'Connect again' }).click();
    await pictureShown(door);
    await page.getByRole('link', { name: 'Friends' }).click();
    await page.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog');
    const choice = dialog.getByRole('checkbox', { name: 'End the session that is running' });
    await choice.waitFor();
    expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await choice.check();
    await screenshot(page, 'console-profile-remove');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Only the operator’s.').waitFor();
    await door.getByRole('button', { name: 'Connect again' }).waitFor();
    expect(await profiles()).toEqual([]);
  });

  it('P8.5, A1: every step is in the audit, none of it secret, and the record is whole', async () => {
    await visit(page, 'Audit');
    await page.getByLabel('What').selectOption({ label: 'All about: Profiles' });
    for (const words of [
      'A profile was made',
      'A passcode was set',
      'A profile was changed',
      'A device was assigned',
      'A device was taken away',
      'The default profile was chosen',
      'A profile was removed',
      'A device asked for a desktop',
    ]) {
      await page.getByRole('rowheader', { name: words }).first().waitFor();
    }
    expect(await page.getByRole('rowheader', { name: 'A session began' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Check the whole record' }).click();
    await page.getByText('Whole.').waitFor();
    await screenshot(page, 'console-audit');
    const { body } = await host.api('GET', '/api/v1/audit?limit=1000');
    expect(JSON.stringify(body)).not.toContain(PASSCODE);
    expect(host.log().join('\n')).not.toContain(PASSCODE);
  });

  it.each(['Overview', 'Devices', 'Profiles', 'Audit'] as const)('P8.4: %s keeps nobody out', async (name) => {
    await visit(page, name);
    await page.locator('[aria-current="page"]').filter({ hasText: name }).waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await barriersIn(page)).toEqual([]);
  });

  it('no page logged an error or broke the content security policy', () => {
    expect([...operator.problems, ...visitor.problems]).toEqual([]);
  });

  async function profiles(): Promise<unknown> {
    return (await host.api('GET', '/api/v1/profiles')).body;
  }

  /** What another operator does, who has just read it. */
  async function rename(name: string): Promise<void> {
    const [profile] = Reader.of({ profiles: await profiles() }, 'answer').list('profiles', 1, (each) => each);
    const said = (field: string) => profile?.raw(field);
    const input = { display_name: name, os_account: said('os_account'), assigned_fingerprints: said('assigned_fingerprints') };
    expect((await host.api('PUT', `/api/v1/profiles/${profile?.string('id')}`, input)).status).toBe(200);
  }

  /** Titles of this machine; it has a terminal at least, because desktops are tested on it. */
  async function titles(): Promise<readonly string[]> {
    const { body } = await host.api('GET', '/api/v1/library');
    return Reader.of({ titles: body }, 'library').list('titles', 10_000, (title) => title.string('title'));
  }
});

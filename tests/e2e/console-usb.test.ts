import { Reader } from '@usher/protocol';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriersIn } from '../harness/accessibility.ts';
import { Browser } from '../harness/browser.ts';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { signIn, visit } from '../harness/console.ts';
import { HostProcess } from '../harness/host-process.ts';
import { pairWithPin, useTool } from '../harness/pages.ts';
import { screenshot } from '../harness/screenshots.ts';

/** The serial board of the simulation. */
const BOARD = '1209:0001';

describe('the operator lends USB devices from the console', () => {
  let host: HostProcess;
  let operator: Browser;
  let visitor: Browser;
  let page: Page;
  let door: Page;
  const keep = closedAfterSuite();

  beforeAll(async () => {
    host = await keep(HostProcess.start({ args: ['--usb-backend', 'sim'] }));
    operator = await keep(Browser.launch());
    visitor = await keep(Browser.launch());
    page = await operator.page();
    door = await visitor.page();
    await signIn(page, host);
  });

  const board = () =>
    page
      .getByRole('listitem')
      .filter({ hasText: BOARD })
      .filter({ has: page.getByRole('combobox') });
  const rules = async () => {
    const { body } = await host.api('GET', '/usb/acl');
    return Reader.of(body, 'acl').list('rules', 16, (rule) => ({
      device: `${rule.string('vendor_id')}:${rule.string('product_id')}`,
      allow: rule.boolean('allow'),
      asks: rule.boolean('prompt_on_open'),
      profile: rule.optionalString('profile'),
    }));
  };

  it('U3.6: nothing is lent until it is turned on', async () => {
    await visit(page, 'USB sharing');
    await page.getByText('Nothing: USB sharing is off.').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText('4 devices are plugged in.').waitFor();
    expect((await host.api('GET', '/usb/passthrough/status')).body).toEqual({ enabled: true });
  });

  it('U5.5: the word on a device becomes its rule', async () => {
    await board().getByLabel('May it be borrowed?').selectOption('ask');
    await expect.poll(rules).toEqual([{ device: BOARD, allow: true, asks: true, profile: undefined }]);
    await board().getByLabel('By whom?').waitFor();
    await screenshot(page, 'console-usb');
    expect(await barriersIn(page)).toEqual([]);
  });

  it('U3.3: who is in the console is asked, sees who wants what, and lends it', async () => {
    await pairWithPin(door, host);
    await useTool(door, 'USB');
    await readDescriptor();
    const question = page.getByRole('dialog');
    await question.getByRole('button', { name: 'Lend it', exact: true }).waitFor();
    await screenshot(page, 'console-usb-question');
    expect(await barriersIn(page)).toEqual([]);
    expect(await question.getByRole('button', { name: 'Don’t lend it' }).evaluate((button) => button === document.activeElement)).toBe(
      true,
    );
    await question.getByRole('button', { name: 'Lend it', exact: true }).click();
    await question.waitFor({ state: 'detached' });
    await door.getByText('USB version').waitFor();
  });

  it('U3.3: a refusal that is remembered is a rule, and isn’t asked about again', async () => {
    await readDescriptor();
    const question = page.getByRole('dialog');
    await question.getByLabel('Don’t ask again', { exact: false }).check();
    await question.getByRole('button', { name: 'Don’t lend it' }).click();
    await expect.poll(rules).toEqual([
      { device: BOARD, allow: false, asks: false, profile: 'operator' },
      { device: BOARD, allow: true, asks: true, profile: undefined },
    ]);
    await door.getByRole('alert').first().waitFor();
    await door.getByText('No longer on offer.').waitFor();
    await screenshot(door, 'usb-refused');
  });

  it('U5.5: one choice lends it again, for everybody', async () => {
    await visit(page, 'USB sharing');
    await board().getByLabel('May it be borrowed?').selectOption('allow');
    await expect.poll(rules).toEqual([{ device: BOARD, allow: true, asks: false, profile: undefined }]);
    await door.getByText('No longer on offer.').waitFor({ state: 'detached' });
  });

  it('U5.5: the browser shows what a device says of itself, and gives it back', async () => {
    await visit(page, 'USB browser');
    await page.getByRole('button', { name: `Open ${BOARD}` }).click();
    await page.getByText('Interface 0').waitFor();
    await screenshot(page, 'console-usb-browser');
    expect(await barriersIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Give it back' }).click();
    await page.getByRole('button', { name: `Open ${BOARD}` }).waitFor();
    expect((await host.api('GET', '/usb/loopback/handles')).body).toEqual({ handles: [] });
  });

  it('U5.5: the browser reads another host’s device as its operator, once its certificate was compared', async () => {
    const workshop = await keep(HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'] }));
    const lentThere = async () =>
      Reader.of((await workshop.api('GET', '/usb/loopback/handles')).body, 'handles').list('handles', 9, () => 1);
    await visit(page, 'USB browser');
    await page.getByLabel('Where').selectOption('Another host…');
    await page.getByLabel('Address').fill(new URL(workshop.url).host);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(workshop.fingerprint.replace(/.{4}(?=.)/g, '$& ')).waitFor();
    await page.getByLabel('Its token').fill(await workshop.token());
    await page.getByRole('button', { name: 'They are the same: connect' }).click();
    await page.getByRole('button', { name: 'Disconnect' }).waitFor();
    await page.getByRole('button', { name: `Open ${BOARD}` }).click();
    await page.getByText('Interface 0').waitFor();
    expect([await lentThere(), await barriersIn(page)]).toEqual([[1], []]);
    await screenshot(page, 'console-usb-another-host');
    await page.getByRole('button', { name: 'Give it back' }).click();
    await page.getByRole('button', { name: `Open ${BOARD}` }).waitFor();
    expect(await lentThere()).toEqual([]);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await expect.poll(async () => (await host.api('GET', '/usb/remote/hosts')).body).toEqual({ hosts: [] });
    await page.getByRole('heading', { name: 'What does a device say of itself?' }).waitFor();
  });

  it('U1.7: the operator takes back what is lent', async () => {
    const [vendor_id, product_id] = BOARD.split(':');
    expect((await host.api('POST', '/usb/loopback/handles', { vendor_id, product_id })).status).toBe(201);
    await visit(page, 'USB sharing');
    await page.getByText('to this console or a program with your token', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('Nothing is lent.').waitFor();
  });

  it('U3.5: questions, answers and rules are in the audit', async () => {
    const events = async () => {
      const { body } = await host.api('GET', '/api/v1/audit?event=usb&limit=100');
      return Reader.of(body, 'audit').list('entries', 100, (entry) => entry.string('event'));
    };
    const expected = ['usb.prompt', 'usb.prompt-answered', 'usb.acl-set', 'usb.open-allowed', 'usb.revoked'];
    await expect.poll(events).toEqual(expect.arrayContaining(expected));
  });

  it('no page logged an error or broke the content security policy', () => {
    expect([...operator.problems, ...visitor.problems]).toEqual([]);
  });

  async function readDescriptor(): Promise<void> {
    const card = door.getByRole('listitem').filter({ hasText: BOARD });
    await card.getByRole('button', { name: 'Read descriptor' }).click();
  }
});

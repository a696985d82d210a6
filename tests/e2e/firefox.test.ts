import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { visit } from '../harness/console.ts';
import { eventually } from '../harness/eventually.ts';
import { Firefox } from '../harness/firefox.ts';
import { HostProcess } from '../harness/host-process.ts';
import {
  IN_THE_TERMINAL,
  openDesktop,
  pairWithPin,
  pictureShown,
  statisticsShown,
  terminalShown,
  typeWithFingers,
  useTool,
} from '../harness/pages.ts';
import { People } from '../harness/people.ts';
import { screenshot } from '../harness/screenshots.ts';
import { playTone } from '../harness/session-sound.ts';
import { TemporaryDirectory } from '../harness/temporary-directory.ts';
import { keptByPage } from '../harness/viewer-store.ts';

/** Looked for in all that the browser keeps: ids, ports and times, which have four digits in a row by chance. */
const PASSCODE = 'zq-lantern-2468';
/** Several waits in a row, each with a bound of its own, on a machine that is busy with other things. */
const TEST_MS = 300_000;

describe('a person with Firefox', { timeout: TEST_MS }, () => {
  let host: HostProcess;
  let browser: Firefox;
  /** The viewer. */
  let page: Page;
  /** The console. */
  let desk: Page;
  let people: People;
  let den: string;
  let scratch: string;
  const keep = closedAfterSuite();

  beforeAll(async () => {
    host = await keep(HostProcess.start());
    scratch = (await keep(TemporaryDirectory.make('firefox'))).path;
    people = new People(host, scratch);
    den = await people.profile('Den', { accent: 'sea' }, PASSCODE);
    browser = await keep(Firefox.launch());
    page = await browser.page();
    await pairWithPin(page, host);
  });

  async function leave(): Promise<void> {
    await useTool(page, 'Leave');
    await page.getByRole('heading', { name: 'See you soon' }).waitFor();
  }

  it('P9.1: pairs with the PIN and sees the desktop in the size of the window, in VP8 where Firefox has no H.264', async () => {
    const { body } = await host.api('GET', '/api/v1/sessions');
    expect(body).toMatchObject({ sessions: [{ codec: 'vp8', width: 1280, height: 720, device_name: 'Firefox, Linux' }] });
    await page.waitForFunction(() => document.querySelector('video')?.videoWidth === 1280);
  });

  it('P7.2: types, and what the typed command paints is seen', async () => {
    await terminalShown(page);
    const [command, mouse] = [join(scratch, 'paint'), join(scratch, 'mouse')];
    // Red is the ground of the terminal from here on, and what the mouse does there is written down as xterm tells it.
    await writeFile(command, `stty raw -echo\n: > ${mouse}\nprintf '\\033[?1000h\\033]11;#d02010\\007'\nexec cat >> ${mouse}\n`);
    await page.mouse.click(IN_THE_TERMINAL.x, IN_THE_TERMINAL.y);
    await typeWithFingers(page, `sh ${command}\n`);
    await eventually('the red ground of the terminal in the picture', async () => {
      const [red = 0, green = 255, blue = 255] = await colourAt(page, IN_THE_TERMINAL);
      return red > 150 && green < 90 && blue < 90 ? true : undefined;
    });
  });

  it('P7.2: clicks and turns the wheel', async () => {
    const seen = async (what: string) =>
      (await readFile(join(scratch, 'mouse'), 'latin1')).includes(`\u001b[M${what}`) ? true : undefined;
    await page.mouse.click(IN_THE_TERMINAL.x, IN_THE_TERMINAL.y);
    await eventually('the left button', () => seen(' '));
    await page.mouse.wheel(0, 200);
    await eventually('the wheel, downwards', () => seen('a'));
  });

  it('P7.2: hears what a program of the session plays', async () => {
    await using _player = await playTone(host, 440);
    const isTone = (hertz: number | undefined) => (hertz !== undefined && Math.abs(hertz - 440) < 30 ? true : undefined);
    await eventually('the tone in the page', async () => isTone(await heardFrequency(page)));
  });

  it('P9.4: fills the screen, and comes back', async () => {
    const inFull = (full: boolean) => page.waitForFunction((wanted) => (document.fullscreenElement !== null) === wanted, full);
    await useTool(page, 'Full screen');
    await inFull(true);
    await useTool(page, 'Leave full screen');
    await inFull(false);
  });

  it('P9.4: the statistics have figures', async () => {
    await statisticsShown(page, [/VP8/i]);
    await screenshot(page, 'firefox-statistics');
    await useTool(page, 'Statistics');
  });

  it('P9.1: is known after a reload, and when the browser was closed: one tap, without a PIN', async () => {
    await page.reload();
    await openDesktop(page);
    await pictureShown(page);
    await browser.reopen();
    page = await browser.page();
    await page.goto(host.url);
    await openDesktop(page);
    await pictureShown(page);
    const { body } = await host.api('GET', '/api/v1/native/clients');
    expect(body).toMatchObject({ clients: [{ name: 'Firefox, Linux' }] });
    await leave();
  });

  it('P9.3: has a passcode remembered, sealed under a key that no script can take away', async () => {
    await page.getByRole('button', { name: 'Choose profile…' }).click();
    await page.getByRole('listitem').getByRole('button', { name: 'Den' }).click();
    await page.getByLabel('Passcode').pressSequentially(PASSCODE);
    await page.getByLabel('Remember on this device').check();
    await page.getByRole('button', { name: 'Enter', exact: true }).click();
    await pictureShown(page);
    const { passcodes, keyExtractable, text } = await keptByPage(page);
    expect(passcodes).toMatchObject([{ fingerprint: host.fingerprint, profile: den }]);
    expect(keyExtractable).toBe(false);
    expect(text).not.toContain(PASSCODE);
    await leave();
    await page.reload();
    await openDesktop(page);
    await pictureShown(page);
    expect((await host.api('GET', '/api/v1/sessions')).body).toMatchObject({ sessions: [{ profile_id: den }] });
    await leave();
  });

  it('P9.3: forgets the host, and its passcodes with it', async () => {
    await page.getByRole('button', { name: 'Hosts' }).click();
    await page
      .getByRole('region', { name: new URL(host.url).host })
      .getByRole('button', { name: 'Forget' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
    await page.getByRole('heading', { name: 'Welcome', exact: true }).waitFor();
    expect(await keptByPage(page)).toMatchObject({ passcodes: [], hosts: [] });
    await screenshot(page, 'firefox-welcome');
  });

  it('P8.1: the operator signs in to the console and finds the profiles', async () => {
    desk = await browser.page();
    await desk.goto(new URL('/console', host.url).href);
    await desk.getByLabel('Token').waitFor();
    await paste(desk, 'input[type=password]', await host.token());
    await desk.getByRole('button', { name: 'Sign in' }).click();
    await visit(desk, 'Profiles');
    await desk.getByRole('heading', { name: 'Den' }).waitFor();
    await screenshot(desk, 'firefox-profiles');
  });

  it('P9.1: the operator removes the device, which is let in again when it knocks', async () => {
    await visit(desk, 'Devices');
    await desk.getByRole('button', { name: /^Remove/ }).click();
    await desk.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await desk.getByText('No device yet.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Ask to be let in' }).click();
    await desk.getByRole('button', { name: 'Let in' }).click();
    await pictureShown(page);
    await screenshot(desk, 'firefox-devices');
  });

  it('P8.1: the operator signs out of the console', async () => {
    await desk.getByRole('button', { name: 'Sign out' }).click();
    await desk.getByLabel('Token').waitFor();
  });

  it('no page logged an error or broke the content security policy', () => {
    expect(browser.problems).toEqual([]);
  });
});

/** Puts a text into a field as a password manager does: React takes no notice of what Playwright fills in through WebDriver BiDi. */
async function paste(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector).evaluate((field, value) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, text);
}

/** Red, green and blue of one point of the live picture, 0–255. */
async function colourAt(page: Page, at: { readonly x: number; readonly y: number }): Promise<readonly number[]> {
  return page.evaluate(({ x, y }) => {
    const video = document.querySelector('video');
    const pen = new OffscreenCanvas(1, 1).getContext('2d');
    if (video === null || pen === null) return [];
    pen.drawImage(video, x, y, 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  }, at);
}

/**
 * The frequency of what the page plays, by its zero crossings; undefined while it is silent. It is recorded and decoded: without a sound
 * card Firefox starts no AudioContext.
 */
async function heardFrequency(page: Page): Promise<number | undefined> {
  return page.evaluate(async () => {
    const stream = document.querySelector('audio')?.srcObject;
    if (!(stream instanceof MediaStream)) return undefined;
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 128_000 });
    const recorded = new Promise<Blob>((resolve) => recorder.addEventListener('dataavailable', ({ data }) => resolve(data)));
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 500)); // two hundred periods of a low tone
    recorder.stop();
    const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(await (await recorded).arrayBuffer());
    const samples = sound.getChannelData(0).subarray(sound.length / 4, (sound.length * 3) / 4); // its ends may be silent
    const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    const crossings = samples.reduce(
      (count, sample, index) => count + Number(index > 0 && sample >= 0 !== (samples[index - 1] ?? 0) >= 0),
      0,
    );
    return loudest > 0.05 ? (crossings / 2 / samples.length) * sound.sampleRate : undefined;
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../harness/browser.ts';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { eventually } from '../harness/eventually.ts';
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
  watchFor,
} from '../harness/pages.ts';
import { descendants } from '../harness/processes.ts';
import { screenshot } from '../harness/screenshots.ts';
import { playTone } from '../harness/session-sound.ts';
import { TemporaryDirectory } from '../harness/temporary-directory.ts';

describe('a person at the desktop, in a real browser', () => {
  let host: HostProcess;
  let browser: Browser;
  let page: Page;
  let scratch: string;
  const keep = closedAfterSuite();

  beforeAll(async () => {
    host = await keep(HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'] }));
    browser = await keep(Browser.launch());
    page = await browser.page();
    scratch = (await keep(TemporaryDirectory.make('typed'))).path;
    await pairWithPin(page, host);
  });

  it('P9.1: a fresh browser pairs with the PIN and sees the desktop', async () => {
    const { body } = await host.api('GET', '/api/v1/native/clients');
    expect(body).toMatchObject({ clients: [{ connected: true }] });
    await screenshot(page, 'desktop');
  });

  it('P7.2: what is typed arrives in the terminal of the session', async () => {
    const file = join(scratch, 'typed');
    await terminalShown(page);
    await page.mouse.click(IN_THE_TERMINAL.x, IN_THE_TERMINAL.y);
    await typeWithFingers(page, `\necho Typed by Usher > ${file}\n`);
    const text = await eventually('the file that the typed command writes', () => readText(file));
    expect(text).toBe('Typed by Usher\n');
  });

  it('P7.2: what a program of the session plays is heard in the page', async () => {
    await using _player = await playTone(host, 440);
    // Its beginning isn't looked at: until sound comes as evenly as it is played, the browser fills gaps with something of its own.
    await expect.poll(() => loudestFrequency(page)).toSatisfy(isAbout(440));
  });

  it('P7.3: the desktop takes the size of the window', async () => {
    await page.setViewportSize({ width: 1000, height: 640 });
    await page.waitForFunction(() => document.querySelector('video')?.videoWidth === 1000);
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.waitForFunction(() => document.querySelector('video')?.videoWidth === 1280);
  });

  it('P9.1: the toolbar hides by itself, and its handle brings it back', async () => {
    const handle = page.getByRole('button', { name: 'Show the toolbar', expanded: false });
    await handle.waitFor();
    const shown = await watchFor(page, '.toolbar-handle[aria-expanded="true"]', /^$/);
    await handle.click();
    await shown();
  });

  it('P9.4: the statistics name the profile, the codec and the round trip', async () => {
    await statisticsShown(page, ['operator', /H\.?264/i]);
    await screenshot(page, 'statistics');
    await useTool(page, 'Statistics');
  });

  it('U1.3, U21: the page lists the USB devices over the channel by their names, and reads the descriptor of one', async () => {
    await useTool(page, 'USB');
    const card = page.getByRole('listitem').filter({ hasText: '1050:0407' });
    await card.getByRole('heading', { name: 'Simulated security key' }).waitFor();
    await card.getByRole('button', { name: 'Read descriptor' }).click();
    await card.getByText('USB version').waitFor();
    await screenshot(page, 'usb');
    await useTool(page, 'USB');
  });

  it('P9.1: after a reload the same device opens the desktop with one tap, without a PIN', async () => {
    await page.reload();
    await screenshot(page, 'welcome-back');
    await openDesktop(page);
    await pictureShown(page);
  });

  it('P9.2: a worker that is killed ends the session with a reason, and connecting again opens a new desktop', async () => {
    const worker = (await descendants(host.process.pid ?? 0)).find((info) => info.command.includes('packages/worker/dist/main.js'));
    process.kill(worker?.pid ?? Number.NaN, 'SIGKILL');
    await page.getByRole('button', { name: 'Connect again' }).waitFor();
    await screenshot(page, 'worker-lost');
    await page.getByRole('button', { name: 'Connect again' }).click();
    await pictureShown(page);
  });

  it('no page logged an error or broke the content security policy', () => {
    expect(browser.problems).toEqual([]);
  });
});

async function readText(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')) || undefined;
  } catch {
    return undefined; // not written yet
  }
}

const isAbout = (hertz: number) => (heard: number | undefined) => heard !== undefined && Math.abs(heard - hertz) < 30;

/** The frequency with the most energy in what the page plays; undefined while it is silent. */
async function loudestFrequency(page: Page): Promise<number | undefined> {
  return page.evaluate(async () => {
    const stream = document.querySelector('audio')?.srcObject;
    if (!(stream instanceof MediaStream)) return undefined;
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 4096;
    context.createMediaStreamSource(stream).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 300)); // the analyser needs its window full
    const levels = new Uint8Array(analyser.frequencyBinCount);
    analyser.getByteFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    const level = levels[loudest] ?? 0;
    const hertz = (loudest * context.sampleRate) / analyser.fftSize;
    await context.close();
    return level > 150 ? hertz : undefined;
  });
}

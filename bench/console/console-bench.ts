import type { Page } from 'playwright-core';
import { Browser } from '../../tests/harness/browser.ts';
import { signIn } from '../../tests/harness/console.ts';
import { HostProcess } from '../../tests/harness/host-process.ts';
import { type Figure, report, summary } from '../figures.ts';

/** As many as a host keeps. */
const PROFILES = 63;
const ROUNDS = 15;
const ROUNDS_QUICK = 4;
/** The bound of issue 4. */
const INTERACTIVE_MS = 1000;

/** How soon the pages of the console can be used on loopback, on a host with as many profiles as it keeps. */
export async function consoleBench(quick: boolean): Promise<boolean> {
  await using host = await HostProcess.start();
  await using browser = await Browser.launch();
  const page = await browser.page();
  await signIn(page, host);
  const profile = await fill(host);
  await page.addInitScript(noteWhenUsable);
  const figures: Figure[] = [];
  for (const path of ['', '/devices', '/profiles', `/profiles/${profile}`, '/audit']) {
    const times: number[] = [];
    for (let round = 0; round < (quick ? ROUNDS_QUICK : ROUNDS); round += 1) {
      await clearCache(page);
      await page.goto(new URL(`/console${path}`, host.url).href);
      times.push(await whenUsable(page));
    }
    const { median, p95 } = summary(times);
    const name = path.startsWith('/profiles/') ? '/profiles/…' : path === '' ? '/' : path;
    figures.push({ name: `${name}, usable, median`, unit: 'ms', value: median });
    figures.push({ name: `${name}, usable, p95`, unit: 'ms', value: p95, atMost: INTERACTIVE_MS });
  }
  return report('console, on loopback, nothing in the browser’s cache', figures);
}

/** Returns the id of one of them. */
async function fill(host: HostProcess): Promise<string> {
  let id = '';
  for (let number = 1; number <= PROFILES; number += 1) {
    const { body } = await host.api('POST', '/api/v1/profiles', {
      display_name: `Pupil ${number}`,
      os_account: { kind: 'linux', username: `pupil${number}` },
    });
    if (typeof body === 'object' && body !== null && 'id' in body) id = String(body.id);
  }
  return id;
}

async function clearCache(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

declare global {
  /** In the page: milliseconds from the start of the navigation until it answered its question and had nothing more to do. */
  var usableAt: number | undefined;
}

/** Runs in the page, before its own scripts. */
function noteWhenUsable(): void {
  const observer = new MutationObserver(() => {
    const answer = document.querySelector('.page-answer')?.textContent ?? '';
    if (answer === '' || answer.endsWith('…')) return;
    observer.disconnect();
    requestIdleCallback(() => {
      globalThis.usableAt = performance.now();
    });
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}

async function whenUsable(page: Page): Promise<number> {
  const handle = await page.waitForFunction(() => globalThis.usableAt);
  return (await handle.jsonValue()) ?? Number.NaN;
}

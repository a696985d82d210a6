import type { Page } from 'playwright-core';

/** One state of a page, and how to get there. */
export interface Scene {
  readonly name: string;
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
}

/** Buttons are found by their English or German name. */
const press = (name: RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

const OPEN = press(/^(Open the desktop|Desktop öffnen)/);
const KNOCK = press(/^(Ask to be let in|Um Einlass)/);
const PIN = press(/^(I have a PIN|Ich habe eine PIN)/);

async function enterPin(page: Page): Promise<void> {
  await PIN(page);
  await page.keyboard.type('482913');
  await page.keyboard.press('Enter');
}

async function openDesktop(page: Page): Promise<void> {
  await OPEN(page);
  await page.locator('.stage-live').waitFor();
}

function viewer(script: object, query = ''): string {
  return `/testing/viewer.html${query}#${encodeURIComponent(JSON.stringify(script))}`;
}

const CHOOSE = press(/^(Choose profile|Profil wählen)/);
const HOSTS = press(/^Hosts$/);

/** One of the profiles of the list. */
const pick = (name: string) => async (page: Page) => {
  await CHOOSE(page);
  await page.getByRole('button', { name }).click();
};

const passcode = (name: string, typed: string) => async (page: Page) => {
  await pick(name)(page);
  await page.locator('input[type=password]').fill(typed);
  await page.keyboard.press('Enter');
};

/** By arrows and one button alone. */
const keys =
  (...names: readonly string[]) =>
  async (page: Page) => {
    await page.locator('button:focus').waitFor();
    for (const name of names) await page.keyboard.press(name);
  };

async function usb(page: Page): Promise<void> {
  await openDesktop(page);
  await page.mouse.move(600, 400);
  await press(/^USB$/)(page);
  await page.locator('.usb-device, .usb-none, .failure-note').first().waitFor();
}

async function usbRead(page: Page): Promise<void> {
  await usb(page);
  for (const button of await page.getByRole('button', { name: /^(Read descriptor|Deskriptor lesen)/ }).all()) await button.click();
  await page.locator('.usb-table').waitFor();
}

async function statistics(page: Page): Promise<void> {
  await openDesktop(page);
  await press(/^(Statistics|Statistik)$/)(page);
  await page.locator('.statistics dd').first().waitFor();
}

export const SCENES: readonly Scene[] = [
  { name: 'welcome', path: viewer({}) },
  { name: 'pin', path: viewer({}), act: PIN },
  {
    name: 'pin-typed',
    path: viewer({}),
    act: async (page) => {
      await PIN(page);
      await page.keyboard.type('4829');
    },
  },
  { name: 'knocking', path: viewer({ stopsAt: 'waiting-for-approval' }), act: KNOCK },
  { name: 'ready', path: viewer({ known: true }) },
  { name: 'hosts', path: viewer({ known: true }), act: HOSTS },
  { name: 'hosts-several', path: viewer({ known: true, severalHosts: true }), act: HOSTS },
  {
    name: 'hosts-forget',
    path: viewer({ known: true }),
    act: async (page) => {
      await HOSTS(page);
      await press(/^(Forget|Vergessen)$/)(page);
    },
  },
  { name: 'picker', path: viewer({ known: true, remembered: ['fedcba987654'] }), act: CHOOSE },
  { name: 'picker-many', path: viewer({ known: true, profiles: 'many' }), act: CHOOSE },
  { name: 'picker-none', path: viewer({ known: true, profiles: 'none' }), act: CHOOSE },
  { name: 'picker-loading', path: viewer({ known: true, profiles: 'never' }), act: CHOOSE },
  { name: 'picker-not-found', path: viewer({ known: true, rejects: 'NotFound' }), act: pick('Guests') },
  { name: 'passcode', path: viewer({ known: true }), act: pick('Kim') },
  { name: 'passcode-wrong', path: viewer({ known: true }), act: passcode('Kim', '1111') },
  { name: 'passcode-locked', path: viewer({ known: true, rejects: 'LockedOut', retrySeconds: 872 }), act: passcode('Kim', '1111') },
  {
    name: 'refused-no-broker',
    path: viewer({ known: true, rejects: 'SessionUnavailable', detail: 'NoBroker' }),
    act: passcode('Kim', '2468'),
  },
  { name: 'refused-occupied', path: viewer({ known: true, rejects: 'Occupied' }), act: pick('Guests') },
  { name: 'tv-welcome', path: viewer({}, '?tv'), act: keys('ArrowDown') },
  { name: 'tv-pin', path: viewer({}, '?tv'), act: keys('ArrowDown', 'ArrowDown', 'Enter', '4', '8', '2', 'ArrowRight') },
  { name: 'tv-ready', path: viewer({ known: true }, '?tv') },
  { name: 'tv-picker', path: viewer({ known: true }, '?tv'), act: keys('ArrowDown', 'Enter', 'ArrowRight') },
  {
    name: 'tv-passcode',
    path: viewer({ known: true }, '?tv'),
    act: keys('ArrowDown', 'Enter', 'ArrowRight', 'Enter', '2', '4', 'ArrowUp'),
  },
  { name: 'keyless', path: viewer({ keyless: true }) },
  { name: 'connecting', path: viewer({ known: true, stopsAt: 'connecting' }), act: OPEN },
  { name: 'starting', path: viewer({ known: true, stopsAt: 'starting' }), act: OPEN },
  { name: 'refused-pin', path: viewer({ refuses: 'pairing.wrong-pin' }), act: enterPin },
  { name: 'refused-cooling', path: viewer({ refuses: 'pairing.cooling-down', retrySeconds: 90 }), act: enterPin },
  { name: 'refused-changed', path: viewer({ known: true, refuses: 'pairing.host-changed' }), act: OPEN },
  { name: 'refused-unreachable', path: viewer({ known: true, refuses: 'host.unreachable' }), act: OPEN },
  { name: 'denied', path: viewer({ refuses: 'device.denied' }), act: KNOCK },
  { name: 'ended', path: viewer({ known: true, endsWith: 'session.ended-by-operator' }), act: OPEN },
  { name: 'desktop', path: viewer({ known: true }), act: openDesktop },
  { name: 'statistics', path: viewer({ known: true }), act: statistics },
  { name: 'usb', path: viewer({ known: true }), act: usbRead },
  { name: 'usb-none', path: viewer({ known: true, usb: 'none' }), act: usb },
  { name: 'usb-disabled', path: viewer({ known: true, usb: 'disabled' }), act: usb },
  {
    name: 'left',
    path: viewer({ known: true }),
    act: async (page) => {
      await openDesktop(page);
      await press(/^(Leave|Gehen)$/)(page);
    },
  },
];

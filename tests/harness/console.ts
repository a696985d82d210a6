import type { Page } from 'playwright-core';
import type { HostProcess } from './host-process.ts';

/** Opens the console as its operator does: with the token, once. */
export async function signIn(page: Page, host: HostProcess): Promise<void> {
  await page.goto(new URL('/console', host.url).href);
  await page.getByLabel('Token').fill(await host.token());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Who is in, right now?' }).waitFor();
}

type ConsolePage = 'Overview' | 'Devices' | 'Profiles' | 'USB sharing' | 'USB browser' | 'Audit';

/** Goes to one of the console's pages by its name in the navigation. */
export async function visit(page: Page, name: ConsolePage): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { removeDirectory } from './temporary-directory.ts';

/** Debian's Chromium. Without the background switches it looks for its maker's servers at every start. */
const EXECUTABLE = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox', // CI is root, where Chromium refuses its own sandbox
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=user-gesture-required',
];
/** A cold start from a busy disk; what is waited for on a page comes soon or never. A stalled machine keeps below both. */
const STARTS_WITHIN_MS = 90_000;
const HAPPENS_WITHIN_MS = 60_000;

/** One person's browser: a profile directory of its own, so that device keys survive as they would. */
export class Browser implements AsyncDisposable {
  readonly context: BrowserContext;
  readonly #directory: string;
  /** Errors that a page threw or logged; a healthy page has none. */
  readonly problems: string[] = [];

  private constructor(context: BrowserContext, directory: string) {
    this.context = context;
    this.#directory = directory;
  }

  static async launch(
    options: { locale?: string; colorScheme?: 'light' | 'dark'; viewport?: { width: number; height: number } } = {},
  ): Promise<Browser> {
    const directory = await mkdtemp(join(tmpdir(), 'usher-browser-'));
    const context = await chromium.launchPersistentContext(directory, {
      executablePath: EXECUTABLE,
      timeout: STARTS_WITHIN_MS,
      headless: true,
      args: ARGUMENTS,
      ignoreHTTPSErrors: true, // the host's certificate is self-made; trust comes from its fingerprint
      locale: options.locale ?? 'en-GB',
      colorScheme: options.colorScheme ?? 'light',
      viewport: options.viewport ?? { width: 1280, height: 720 },
    });
    context.setDefaultTimeout(HAPPENS_WITHIN_MS);
    const browser = new Browser(context, directory);
    context.on('weberror', (error) => browser.problems.push(String(error.error())));
    context.on('console', (message) => {
      if (message.type() === 'error') browser.problems.push(`${message.text()} (${message.location().url})`);
    });
    return browser;
  }

  async page(): Promise<Page> {
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    await removeDirectory(this.#directory);
  }
}

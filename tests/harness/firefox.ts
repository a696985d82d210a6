import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, firefox, type Page } from 'playwright-core';
import { removeDirectory } from './temporary-directory.ts';

/** A cold start from a busy disk; what is waited for on a page comes soon or never. A stalled machine keeps below both. */
const STARTS_WITHIN_MS = 90_000;
const HAPPENS_WITHIN_MS = 60_000;
/** What a Firefox is told that is to stay on this machine; the rest is as Debian delivers it. */
const PREFERENCES = {
  // By itself it neither gathers addresses of loopback nor sends to them. A page that may use the camera gathers all there are.
  'media.peerconnection.ice.loopback': true,
  'permissions.default.camera': 1,
  // Nothing is fetched: no H.264 from its maker, which a Firefox may lack at any time (design §3).
  'media.gmp-provider.enabled': false,
};
const DARK = { light: 1, dark: 0 } as const;

/** Playwright's own style, which hides the caret from its screenshots, and which the pages' Content-Security-Policy rightly refuses. */
const SCREENSHOT_STYLE = 'sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA=';

/**
 * Debian's Firefox, driven by WebDriver BiDi. It keeps what the pages stored when it is {@link reopen}ed, as a person's browser does
 * over night.
 */
export class Firefox implements AsyncDisposable {
  /** Errors that a page threw or logged; a healthy page has none. */
  readonly problems: string[] = [];
  readonly #directory: string;
  readonly #colorScheme: 'light' | 'dark';
  #context: BrowserContext | undefined;

  private constructor(directory: string, colorScheme: 'light' | 'dark') {
    this.#directory = directory;
    this.#colorScheme = colorScheme;
  }

  static async launch({ colorScheme = 'light' }: { colorScheme?: 'light' | 'dark' } = {}): Promise<Firefox> {
    const browser = new Firefox(await mkdtemp(join(tmpdir(), 'usher-firefox-')), colorScheme);
    await browser.#open();
    return browser;
  }

  /** A page of its own. */
  async page(): Promise<Page> {
    if (this.#context === undefined) throw new TypeError('the browser is closed');
    return this.#context.newPage();
  }

  async reopen(): Promise<void> {
    await this.#close();
    await this.#open();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#close();
    } finally {
      await removeDirectory(this.#directory);
    }
  }

  async #open(): Promise<void> {
    this.#context = await firefox.launchPersistentContext(this.#directory, {
      channel: 'moz-firefox', // this is what has Playwright speak WebDriver BiDi, instead of a protocol that only its own Firefox knows
      executablePath: process.execPath,
      ignoreDefaultArgs: true,
      args: [
        ...['--conditions=@usher/source', '--import', 'tsx', 'tests/harness/firefox-relay.ts'],
        ...['--remote-debugging-port=0', '--headless', '--profile', this.#directory],
      ],
      timeout: STARTS_WITHIN_MS,
      firefoxUserPrefs: { ...PREFERENCES, 'layout.css.prefers-color-scheme.content-override': DARK[this.#colorScheme] },
      ignoreHTTPSErrors: true, // the host's certificate is self-made; trust comes from its fingerprint
      locale: 'en-GB',
      viewport: { width: 1280, height: 720 },
    });
    this.#context.setDefaultTimeout(HAPPENS_WITHIN_MS);
    this.#context.on('weberror', (error) => this.#note(String(error.error())));
    this.#context.on('console', (message) => {
      if (message.type() === 'error') this.#note(message.text());
    });
  }

  #note(problem: string): void {
    if (!problem.includes(SCREENSHOT_STYLE)) this.problems.push(problem);
  }

  async #close(): Promise<void> {
    const context = this.#context;
    this.#context = undefined;
    await context?.close();
  }
}

/**
 * Takes a picture of the viewer's states, the moving ones too, as phone, desktop and television:
 * `node --conditions=@usher/source --import tsx packages/web/testing/look.ts FOLDER [PATTERN]`.
 * Needs /usr/bin/chromium. The pictures are for a person's eyes; nothing compares them.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { createServer } from 'vite';
import { SCENES, type Scene } from './scenes.ts';

const WEB = join(import.meta.dirname, '..');
const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
  tv: { viewport: { width: 1920, height: 1080 } },
} as const satisfies Record<string, BrowserContextOptions>;

/** Runs in the page. The dots of a wait never come to rest, and needn't. */
const AT_REST = `Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations < 100).map((one) => one.finished))`;

const [folder, pattern = ''] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('usage: look.ts FOLDER [PATTERN]');
await mkdir(folder, { recursive: true });
const server = await createServer({
  root: WEB,
  configFile: join(WEB, 'vite.config.ts'),
  logLevel: 'error',
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  optimizeDeps: { entries: ['index.html', 'testing/viewer.html'] },
});
await server.listen();
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
try {
  for (const scene of SCENES) await look(browser, scene, folder);
} finally {
  await browser.close();
  await server.close();
}

async function look(browser: Browser, scene: Scene, folder: string): Promise<void> {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const [theme, locale] of [
      ['light', 'en-GB'],
      ['dark', 'de-DE'],
    ] as const) {
      const name = `${scene.name}-${size}-${theme}`;
      if (!name.includes(pattern)) continue;
      const context = await browser.newContext({ ...options, colorScheme: theme, locale });
      const page = await context.newPage();
      await picture(page, scene, join(folder, `${name}.png`));
      await context.close();
    }
  }
}

async function picture(page: Page, scene: Scene, path: string): Promise<void> {
  page.on('pageerror', (error) => console.error(`${scene.name}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${scene.name}: ${message.text()}`);
  });
  await page.goto(new URL(scene.path, address).href);
  await scene.act?.(page);
  // The door swings and dialogs slide for a moment: a picture is taken when everything has come to rest.
  await page.evaluate(AT_REST);
  await page.screenshot({ path });
}

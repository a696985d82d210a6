import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Reader } from '@usher/protocol';
import type { Page } from 'playwright-core';
import { StaticFiles } from './static-files.ts';
import { removeDirectory } from './temporary-directory.ts';

/** Some ten seconds on a quick machine. */
const BUILT_WITHIN_MS = 300_000;
/** A story shows invented data: nothing in it takes long, except on a slow machine. */
const SHOWN_WITHIN_MS = 60_000;
/** What a story that can't be shown is told by. */
const FAILURES = ['storyMissing', 'storyErrored', 'storyThrewException', 'playFunctionThrewException'];

export interface StoryLook {
  readonly theme: 'light' | 'dark';
  readonly locale: 'en' | 'de';
}

/** The built storybook, its stories shown one after the other in the same page. */
export class Storybook implements AsyncDisposable {
  readonly stories: readonly string[];
  readonly #folder: string;
  readonly #files: StaticFiles;
  #shown: string | undefined;

  private constructor(folder: string, files: StaticFiles, stories: readonly string[]) {
    this.#folder = folder;
    this.#files = files;
    this.stories = stories;
  }

  static async build(): Promise<Storybook> {
    const folder = await mkdtemp(join(tmpdir(), 'usher-stories-'));
    try {
      await promisify(execFile)('node_modules/.bin/storybook', ['build', '-c', 'packages/web/.storybook', '-o', folder, '--quiet'], {
        timeout: BUILT_WITHIN_MS,
        env: { ...process.env, NODE_ENV: 'production', STORYBOOK_DISABLE_TELEMETRY: '1' }, // a test runner's own would build React's slow self
      });
      const index = Reader.json(await readFile(join(folder, 'index.json'), 'utf8'), 'stories');
      return new Storybook(folder, await StaticFiles.serve(folder), index.object('entries').names());
    } catch (error) {
      await removeDirectory(folder);
      throw error;
    }
  }

  /**
   * Opens the frame that the stories are shown in, light and English, and waits until it is at rest: told of another story in the middle of
   * one, the storybook loads its page again.
   */
  async open(page: Page): Promise<void> {
    [this.#shown] = this.stories;
    await page.goto(`${this.#files.url}iframe.html?viewMode=story&id=${this.#shown}`);
    await page.waitForFunction(
      // storybook's own global
      () => (globalThis as Partial<StoryFrame>).__STORYBOOK_ADDONS_CHANNEL__?.last('storyFinished') !== undefined,
      undefined,
      { timeout: SHOWN_WITHIN_MS },
    );
  }

  /** Shows a story from its beginning, its play function included. Rejects with what it threw. */
  async show(page: Page, story: string): Promise<void> {
    const isThere = this.#shown === story;
    this.#shown = story;
    await tell(page, isThere ? 'forceRemount' : 'setCurrentStory', { storyId: story, viewMode: 'story' });
  }

  /** The story that is shown, in other colours and another language, in the state that it is in. */
  async dress(page: Page, globals: StoryLook): Promise<void> {
    await tell(page, 'updateGlobals', { globals });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#files[Symbol.asyncDispose]();
    await removeDirectory(this.#folder);
  }
}

/** Sends the storybook's frame an event, and waits until the story is there. */
async function tell(page: Page, event: string, details: object): Promise<void> {
  const failure = await page.evaluate(
    ({ event, details, failures, withinMs }) =>
      new Promise<string | undefined>((resolve) => {
        const channel = (globalThis as unknown as StoryFrame).__STORYBOOK_ADDONS_CHANNEL__; // storybook's own global
        const done = (outcome?: string) => {
          clearTimeout(timer);
          channel.off('storyFinished', finished);
          for (const name of failures) channel.off(name, failed);
          resolve(outcome);
        };
        const finished = () => done();
        const failed = (what: unknown) => done(what instanceof Error ? (what.stack ?? what.message) : JSON.stringify(what));
        const timer = setTimeout(() => done(`nothing within ${withinMs} ms`), withinMs);
        channel.on('storyFinished', finished);
        for (const name of failures) channel.on(name, failed);
        channel.emit(event, details);
      }),
    { event, details, failures: FAILURES, withinMs: SHOWN_WITHIN_MS },
  );
  if (failure !== undefined) throw new Error(failure);
}

interface StoryFrame {
  readonly __STORYBOOK_ADDONS_CHANNEL__: {
    on(event: string, listener: (details: unknown) => void): void;
    off(event: string, listener: (details: unknown) => void): void;
    emit(event: string, details: object): void;
    last(event: string): unknown;
  };
}

import { readFile } from 'node:fs/promises';
import { descendants } from './processes.ts';

/** A process that lives shorter than this may be missed; a Node program takes longer to start. */
const LOOK_EVERY_MS = 40;

/** Notes argv and environment of every process below this one, as /proc shows them to anybody of the same account. */
export class ProcessWitness implements AsyncDisposable {
  /** By their text: the same program is often started the same way. */
  readonly #seen = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> = Promise.resolve();

  constructor() {
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#look());
    }, LOOK_EVERY_MS);
  }

  /** What was seen so far, a process a line. */
  async seen(): Promise<readonly string[]> {
    await this.#looking;
    return [...this.#seen];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    for (const { pid } of await descendants(process.pid)) {
      const texts = await Promise.all(
        [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].map((path) => readFile(path, 'utf8').catch(() => '')),
      ); // ended meanwhile
      this.#seen.add(texts.join(' ').replaceAll('\0', ' '));
    }
  }
}

import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Child, startProgram } from '../process/child.ts';
import { findExecutable } from '../process/find-program.ts';

/** Titles that run at a time: a person plays one or two; more is a viewer that asks again and again. */
const TITLES_MAX = 16;

/** What a title needs to appear in the session. */
export type TitleEnvironment = Readonly<Record<string, string>> & { readonly HOME: string; readonly PATH: string };

/**
 * The titles that viewers have started, by id (rule W10). One that still runs isn't started again: whoever comes back finds it as it was.
 * They are children of the worker and end with it.
 */
export class Titles {
  readonly #environment: TitleEnvironment;
  readonly #log: Logger;
  /** A title that is being started holds its place too. */
  readonly #running = new Map<string, Promise<Child | string>>();

  constructor(environment: TitleEnvironment, log: Logger) {
    this.#environment = environment;
    this.#log = log;
  }

  /** Undefined once the title runs, else why it can't, in words for whoever asked. Never rejects. */
  async launch(title: string, [program = '', ...args]: readonly string[]): Promise<string | undefined> {
    const known = this.#running.get(title);
    if (known === undefined && this.#running.size >= TITLES_MAX) return `${TITLES_MAX} titles run already; end one of them`;
    const starting = known ?? this.#start(title, program, args);
    this.#running.set(title, starting);
    const started = await starting;
    if (typeof started !== 'string') return undefined;
    this.#running.delete(title);
    return started;
  }

  async #start(title: string, program: string, args: readonly string[]): Promise<Child | string> {
    const { HOME, PATH } = this.#environment;
    const path = await findExecutable(program, PATH);
    if (path === undefined) return `${program} is not installed on the host`;
    try {
      const child = await startProgram(path, args, {
        environment: this.#environment,
        directory: existsSync(HOME) ? HOME : '/',
        log: this.#log,
      });
      this.#log.info({ title, pid: child.pid }, 'a title was started');
      void child.ended.then(() => this.#running.delete(title));
      return child;
    } catch (error) {
      this.#log.warn({ title, err: error }, 'a title could not be started');
      return 'the system refused to start it';
    }
  }
}

import type { Keyboard, Terminal } from '../src/terminal.ts';

/** A terminal that keeps what is said. */
export class FakeTerminal implements Terminal {
  readonly self = 'usher';
  readonly environment: Record<string, string | undefined>;
  readonly output: string[] = [];
  readonly errors: string[] = [];
  readonly signal = new AbortController().signal;
  /** A test that plays a person at the keyboard puts one here. */
  keyboard: Keyboard | undefined;
  readonly #input: string;

  constructor(environment: Record<string, string | undefined> = {}, input = '') {
    this.environment = environment;
    this.#input = input;
  }

  out(line: string): void {
    this.output.push(line);
  }

  err(line: string): void {
    this.errors.push(line);
  }

  readLines(count: number): Promise<readonly string[]> {
    return Promise.resolve(this.#input === '' ? [] : this.#input.split('\n').slice(0, count));
  }

  /** The answer of `--json`: the last line of standard output. */
  json(): unknown {
    return JSON.parse(this.output.at(-1) ?? '');
  }
}

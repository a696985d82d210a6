import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

/** Longest answer: a stream over a delayed line on an emulated machine. */
const PATIENCE_MS = 180_000;

/** A process, in the guest or on this machine, by its streams. */
export interface ProgramProcess {
  write(bytes: Uint8Array): void;
  endInput(): void;
  on(event: 'output', listener: (bytes: Uint8Array) => void): unknown;
  readonly ended: Promise<unknown>;
  /** What it has written to standard error, the end of it. */
  readonly complaints: string;
}

/** A program of the bench, which answers one command after the other. */
export class BenchProgram {
  readonly #process: ProgramProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ProgramProcess, lines: AsyncIterator<string>) {
    this.#process = process;
    this.#lines = lines;
  }

  /** Resolves when the program says that it is ready. */
  static async ready(process: ProgramProcess): Promise<BenchProgram> {
    const output = new Readable({ read: () => undefined });
    process.on('output', (bytes) => output.push(bytes));
    void process.ended.then(() => output.push(null));
    const program = new BenchProgram(process, createInterface({ input: output })[Symbol.asyncIterator]());
    await program.#answer('start');
    return program;
  }

  async ask(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#process.write(new TextEncoder().encode(`${JSON.stringify(command)}\n`));
    return this.#answer(JSON.stringify(command));
  }

  async number(command: Readonly<Record<string, unknown>>): Promise<number> {
    return Number(await this.ask(command));
  }

  async numbers(command: Readonly<Record<string, unknown>>): Promise<readonly number[]> {
    const answer = await this.ask(command);
    if (!Array.isArray(answer)) throw new Error(`${JSON.stringify(command)} gives numbers`);
    return answer.map(Number);
  }

  async end(): Promise<void> {
    this.#process.endInput();
    await this.#process.ended;
  }

  async #answer(what: string): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer to ${what}\n${this.#process.complaints}`)), PATIENCE_MS);
    });
    try {
      const line = await Promise.race([this.#lines.next(), late]);
      if (line.done === true) throw new Error(`${what}: the program ended\n${this.#process.complaints}`);
      return JSON.parse(line.value) as unknown;
    } finally {
      clearTimeout(timer);
    }
  }
}

import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import { CodedError } from '@usher/sdk/node';

/** What a command needs of the process that it runs in; tests bring their own. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The command line of this program, as a person would type it: `usher`, or `node packages/cli/dist/main.js`. */
  readonly self: string;
  /** A line for programs (or the answer that a person asked for). */
  out(line: string): void;
  /** A line for people: progress, hints, failures. */
  err(line: string): void;
  /** The first lines of standard input: so many, or fewer where it ends before. */
  readLines(count: number): Promise<readonly string[]>;
  /** Whoever types; undefined where standard input is no terminal. */
  readonly keyboard: Keyboard | undefined;
  /** Aborts at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Keyboard {
  /** Calls with each line until the function returned is called. */
  onLine(listener: (line: string) => void): () => void;
}

/** The lines of a terminal. Nothing is read before somebody listens, and Ctrl-C stays a signal. */
export function keyboardOf(input: NodeJS.ReadStream): Keyboard | undefined {
  if (!input.isTTY) return undefined;
  return {
    onLine(listener) {
      const lines = createInterface({ input, terminal: false }).on('line', listener);
      return () => lines.close();
    },
  };
}

/** Far more than any passcode has. */
const LINE_MAX = 1024;

/** The first lines of a stream, without their ends; an endless one is refused. */
export async function readLines(input: AsyncIterable<string | Uint8Array>, count: number): Promise<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  const lines: string[] = [];
  let rest = '';
  for await (const chunk of input) {
    const pieces = `${rest}${typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))}`.split('\n');
    rest = pieces.pop() ?? '';
    lines.push(...pieces.map((line) => line.replace(/\r$/, '')));
    if (lines.length >= count) return lines.slice(0, count);
    if (rest.length > LINE_MAX) throw new CodedError('config.invalid', `standard input: a line has at most ${LINE_MAX} characters`);
  }
  return rest === '' ? lines : [...lines, rest];
}

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
  /** The first line of standard input. */
  readLine(): Promise<string>;
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

/** The first line of a stream, without its end; an endless one is refused. */
export async function readFirstLine(input: AsyncIterable<string | Uint8Array>): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of input) {
    text += typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end).replace(/\r$/, '');
    if (text.length > LINE_MAX) throw new CodedError('config.invalid', `standard input: a line has at most ${LINE_MAX} characters`);
  }
  return text;
}

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Reader } from '@usher/protocol';

/** A cold start of host, display and encoder on two busy cores stays far below this. */
const ENDS_WITHIN_MS = 45_000;

/** How a command of `usher` ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
  /** The JSON object on the last line of stdout; an empty one where there is none. */
  readonly answer: Reader;
}

export interface RunOptions {
  /** What the command reads on stdin. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sees each line for people as it comes. */
  readonly heard?: (line: string) => void;
  /** Sees each line for programs as it comes. */
  readonly answered?: (line: string) => void;
  /** Presses Ctrl-C when it aborts. */
  readonly interrupt?: AbortSignal;
}

/** Runs the built `usher` to its end, which comes within 45 s or is brought about. */
export async function usher(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { input = '', env = {}, heard, answered, interrupt } = options;
  const child = spawn(process.execPath, ['packages/cli/dist/main.js', ...args], { env: { ...process.env, ...env } });
  const timer = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  child.stdin.on('error', () => undefined); // a command that reads nothing may end before it was written to
  child.stdin.end(input);
  const [output, errors]: [string[], string[]] = [[], []];
  interrupt?.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  createInterface({ input: child.stdout }).on('line', (line) => {
    output.push(line);
    answered?.(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line);
    heard?.(line);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  clearTimeout(timer);
  const last = output.at(-1) ?? '';
  return {
    exitCode,
    output: output.join('\n'),
    errors: errors.join('\n'),
    answer: Reader.json(last.startsWith('{') ? last : '{}', 'answer'),
  };
}

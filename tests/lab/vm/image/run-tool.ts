import { spawn } from 'node:child_process';

/** Longest complaint of a tool that is kept for its error; the end of it says why. */
const COMPLAINT_MAX = 8192;

/** Runs a program to its end and gives back what it printed; its complaints become the error's message. */
export function runTool(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const printed: Buffer[] = [];
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-COMPLAINT_MAX);
    });
    child.stdin.on('error', () => undefined); // a program that doesn't read its input says so by its exit status, if it minds
    child.stdin.end(options.input ?? '');
    child.once('error', (error) => reject(new Error(`${program} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(printed).toString());
      else reject(new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}\n${complaints}`));
    });
  });
}

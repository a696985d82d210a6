import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeDirectory } from '../harness/temporary-directory.ts';
import { usher } from '../harness/usher.ts';

const SAID_WITHIN_MS = 40_000;

/** `usher up` in a terminal of its own, which `script` of util-linux makes. */
class UpInTerminal {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  #text = '';
  #heard: (() => void)[] = [];

  constructor(home: string) {
    const up = `exec ${process.execPath} packages/cli/dist/main.js up --home ${home} --port 0 --bind 127.0.0.1 --usb-passthrough --usb-backend sim`;
    this.#process = spawn('script', ['--quiet', '--flush', '--return', '--command', up, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process.stdout.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString();
      for (const go of this.#heard.splice(0)) go();
    });
  }

  /** Waits until the terminal shows it, after what it had shown at the last call. */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = performance.now() + SAID_WITHIN_MS;
    for (;;) {
      const found = pattern.exec(this.#text);
      if (found !== null) {
        this.#text = this.#text.slice(found.index + found[0].length);
        return found;
      }
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`the terminal doesn't show ${pattern.source}:\n${this.#text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#heard.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  type(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Ctrl-C, as a keyboard sends it; gives the exit code of `usher up`. */
  async interrupt(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    const ended = new Promise<number | null>((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin.write('\u0003');
    return ended;
  }
}

let home: string;
let up: UpInTerminal;
let where: readonly string[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'usher-up-'));
  up = new UpInTerminal(home);
  const [, url = ''] = await up.shows(/Open +(https:\/\/\S+)/);
  where = ['--home', home, '--url', url, '--json'];
});
afterAll(async () => {
  await up.interrupt();
  await removeDirectory(home);
});

describe('U3.3: the operator in front of usher up', () => {
  it('U3.3: is asked, answers with a key, and Ctrl-C still ends the host', async () => {
    expect((await usher(['usb', 'allow', '1050:0407', '--prompt', ...where])).exitCode).toBe(0);
    const wished = usher(['usb', 'open', '1050:0407', '--local', ...where]);
    await up.shows(/wants Usher Simulated security key \(1050:0407\), serial SIM-FIDO-1; careful: security-key[\s\S]*then Enter/);
    up.type('what?');
    await up.shows(/a lend · d don’t/);
    up.type('a');
    await up.shows(/Lent\./);
    expect((await wished).exitCode).toBe(0);

    const refused = usher(['usb', 'open', '1050:0407', '--local', ...where]);
    await up.shows(/wants Usher Simulated security key/);
    up.type('dd');
    await up.shows(/Not lent, and so it will be from now on\./);
    expect((await refused).answer.string('code')).toBe('usb.denied');
    // This unit is denied from now on, and of what is denied nobody is told that it is there.
    expect((await usher(['usb', 'open', '1050:0407', '--local', ...where])).answer.string('code')).toBe('usb.not-found');
    expect(await up.interrupt()).toBe(0);
  });
});

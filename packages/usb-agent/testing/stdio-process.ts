import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnvelopeDecoder, envelope, MAX_PAYLOAD } from '@usher/protocol';
import { UsbClient } from '@usher/usb';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** Longest wait for one frame on two slow cores that also run other tests. */
const PATIENCE_MS = 45_000;

/** `usb-agent stdio` over the simulated devices, started from its source, with the viewer's end of its streams. */
export class StdioProcess {
  readonly home = mkdtempSync(join(tmpdir(), 'usher-stdio-'));
  /** Where `--acl` points. */
  readonly acl = join(this.home, 'rules.json');
  log = '';
  #child: ChildProcess | undefined;
  #ended: Promise<number | string> | undefined;
  #client: UsbClient | undefined;
  readonly #frames: Uint8Array[] = [];
  #arrived: () => void = () => undefined;

  start({ acl, home }: { readonly acl: string | undefined; readonly home: string } = { acl: this.acl, home: this.home }): void {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const named = acl === undefined ? [] : ['--acl', acl];
    const child = spawn(
      process.execPath,
      ['--conditions=@usher/source', '--import', 'tsx', main, 'stdio', '--home', home, '--backend', 'sim', ...named],
      { cwd: REPOSITORY, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    const decoder = new EnvelopeDecoder(4 + MAX_PAYLOAD);
    child.stdout.on('data', (chunk: Uint8Array) => {
      for (const frame of decoder.push(chunk)) this.#take(frame);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    child.stdin.on('error', () => undefined); // a process that ends on purpose closes its end first
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      // Not 'exit': what it said last may still be in the pipe then.
      child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
    });
  }

  /** Resolves with the exit status, or the signal, once all that it said has been heard. */
  get ended(): Promise<number | string> | undefined {
    return this.#ended;
  }

  send(frame: Uint8Array): void {
    this.sendRaw(envelope(frame));
  }

  sendRaw(bytes: Uint8Array): void {
    this.#child?.stdin?.write(bytes);
  }

  endInput(): void {
    this.#child?.stdin?.end();
  }

  /** Our own viewer; from now on the frames are its. */
  client(): UsbClient {
    this.#client ??= new UsbClient({ send: (frame) => this.send(frame) });
    return this.#client;
  }

  /** The next frame that came. */
  async next(): Promise<Uint8Array> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no frame came; it said:\n${this.log}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
    removeDirectorySync(this.home);
  }

  #take(frame: Uint8Array): void {
    if (this.#client === undefined) this.#frames.push(frame);
    else this.#client.receive(frame);
    this.#arrived();
  }
}

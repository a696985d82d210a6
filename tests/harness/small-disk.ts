import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real disk that can be filled: memory, mounted in a namespace of its own, so that nobody else sees it and nothing of it stays. */
export class SmallDisk implements AsyncDisposable {
  /** Its only directory, as every process of the same user sees it. */
  readonly path: string;
  readonly #mountPoint: string;
  /** Lives in the namespace, and the disk with it. */
  readonly #keeper: ChildProcess;

  private constructor(keeper: ChildProcess, mountPoint: string) {
    this.#keeper = keeper;
    this.#mountPoint = mountPoint;
    this.path = `/proc/${keeper.pid}/root${mountPoint}`;
  }

  /** Whether the system lets this user mount anything. */
  static async isPossible(): Promise<boolean> {
    try {
      await using _disk = await SmallDisk.mount(4);
      return true;
    } catch {
      return false;
    }
  }

  static async mount(kibibytes: number): Promise<SmallDisk> {
    const mountPoint = await mkdtemp(join(tmpdir(), 'usher-disk-'));
    const script = `mount -t tmpfs -o mode=700,size=${kibibytes}k usher "$1" && echo mounted && exec cat`;
    const keeper = spawn('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', mountPoint], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const disk = new SmallDisk(keeper, mountPoint);
    const said = await new Promise<string>((resolve) => {
      keeper.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString()));
      keeper.once('exit', (code) => resolve(`unshare ended with ${code}`));
      keeper.once('error', (error) => resolve(error.message));
    });
    if (said === 'mounted\n') return disk;
    await disk[Symbol.asyncDispose]();
    throw new Error(`no disk could be mounted: ${said}`);
  }

  /** Until not one byte more goes on it. */
  async fill(): Promise<void> {
    const filler = await open(this.#filler, 'a');
    try {
      for (const bytes of [64 * 1024, 1024, 1]) while (await takes(filler, bytes));
    } finally {
      await filler.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.#filler);
  }

  get #filler(): string {
    return join(this.path, 'filler');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#keeper.exitCode === null && this.#keeper.signalCode === null && this.#keeper.pid !== undefined) {
      const gone = once(this.#keeper, 'exit');
      this.#keeper.kill('SIGKILL');
      await gone;
    }
    await rmdir(this.#mountPoint);
  }
}

/** Whether all of them went on; on a full disk a part may, and the next write fails. */
async function takes(file: Awaited<ReturnType<typeof open>>, bytes: number): Promise<boolean> {
  try {
    return (await file.write(Buffer.alloc(bytes))).bytesWritten === bytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}

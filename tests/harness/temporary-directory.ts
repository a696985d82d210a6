import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Removes a directory to which programs that have just ended, and theirs, may still write for a moment: Node looks again (ENOTEMPTY). */
export async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** A directory of one suite, removed with all that is in it. */
export class TemporaryDirectory implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(purpose: string): Promise<TemporaryDirectory> {
    return new TemporaryDirectory(await mkdtemp(join(tmpdir(), `usher-${purpose}-`)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeDirectory(this.path);
  }
}

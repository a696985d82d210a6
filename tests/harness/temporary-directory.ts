import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Programs that have just ended, and theirs, may still write to a directory for a moment: Node then looks again (ENOTEMPTY), for 5.5 s in all. */
const WHOLE = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

/** Removes a directory to which something of what a test started may still write. */
export async function removeDirectory(path: string): Promise<void> {
  await rm(path, WHOLE);
}

/** The same where nobody can wait for it: it holds the thread up as long as it takes. */
export function removeDirectorySync(path: string): void {
  rmSync(path, WHOLE);
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

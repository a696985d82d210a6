import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { tryUtf8 } from '@usher/protocol';

/**
 * The text of a file that other programs wrote. Undefined where there is none that can be read: not a regular file (a pipe would wait for
 * ever), longer than `limit` bytes, or not UTF-8. For what is optional: whoever must tell the reason reads differently.
 */
export async function readSmallFile(path: string, limit: number): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined); // gone or forbidden is as absent
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > limit) return undefined;
    const buffer = Buffer.alloc(limit + 1);
    const { bytesRead } = await handle.read(buffer, 0, limit + 1, 0); // it may have grown since
    return bytesRead > limit ? undefined : tryUtf8(buffer.subarray(0, bytesRead));
  } catch {
    return undefined; // a directory, or a disk that fails: as absent
  } finally {
    await handle.close();
  }
}

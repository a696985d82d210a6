import { createHash } from 'node:crypto';
import { constants, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditVerdict, ChainCheck } from '@usher/domain';
import { type ChainHead, CodedError, isCoded, parseHead } from '@usher/protocol';
import { systemWord, unreadable } from './unreadable.ts';

/** Twice what the writers of a chain keep (64 files of 1 MiB). */
const FILES_MAX = 128;
const FILE_BYTES_MAX = 2 * 1024 * 1024;
const HEAD = 'head';
const NAME = /^audit-(\d{12})\.jsonl$/;

/**
 * Reads a chain of decisions where it lies (requirement A1), such as the broker's, which nobody answers for over a network. A last line without its
 * end is one that is being written.
 *
 * @throws CodedError `store.unreadable` where that isn't there, isn't the caller's to read, or is no chain's directory.
 */
export async function verifyAuditDirectory(directory: string): Promise<AuditVerdict> {
  const check = new ChainCheck((text) => createHash('sha256').update(text).digest('hex'));
  const head = await readHead(join(directory, HEAD)); // before the chain, whose writer may go on meanwhile
  const names = (await reading(directory, () => readdir(directory))).filter((name) => NAME.test(name)).sort();
  if (names.length > FILES_MAX) throw unreadable(directory, `more than ${FILES_MAX} files`);
  for (const name of names) {
    const lines = (await readText(join(directory, name))).split('\n');
    const end = lines.pop() ?? '';
    if (end !== '' && name !== names.at(-1)) lines.push(end);
    for (const [index, line] of lines.entries()) check.take(line, name, index + 1);
  }
  return check.finish(head, HEAD);
}

/** Undefined where its writer hasn't confirmed anything yet, or a power cut tore it: the chain speaks for itself then. */
async function readHead(path: string): Promise<ChainHead | undefined> {
  try {
    return parseHead(await readText(path));
  } catch (error) {
    if (isCoded(error, 'message.malformed') || (isCoded(error, 'store.unreadable') && systemWord(error.cause) === 'ENOENT'))
      return undefined;
    throw error;
  }
}

/** A regular file: no link leads elsewhere, and no pipe is waited for. */
function readText(path: string): Promise<string> {
  return reading(path, async () => {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const status = await file.stat();
      if (!status.isFile() || status.size > FILE_BYTES_MAX) throw unreadable(path, `no file of at most ${FILE_BYTES_MAX} bytes`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  });
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw unreadable(path, systemWord(cause), cause);
  }
}

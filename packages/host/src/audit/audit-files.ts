import type { FileHandle } from 'node:fs/promises';
import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditEntry, CHAIN_START, type ChainHead, formatHead, isCoded, laterHead, parseEntry, parseHead } from '@usher/protocol';
import { errorWord, openStateDirectory } from '../store/state-directory.ts';

/** A file this large is followed by the next: some four thousand entries, read in one go. */
const FILE_BYTES = 1024 * 1024;
/** Files that are kept: a quarter of a million entries. */
const FILES_MAX = 64;
const HEAD = 'head';
const NAME = /^audit-(\d{12})\.jsonl$/;

type AuditFileOperations = Pick<typeof nodeFiles, 'open' | 'rm'>;

export interface AuditFilesOptions {
  readonly directory: string;
  readonly files?: AuditFileOperations;
  /** Smaller in tests. */
  readonly fileBytes?: number;
  readonly filesMax?: number;
}

/** What the chain drops next, oldest first. */
interface Pruning {
  readonly firstKept: number;
  /** Hash that the first entry which stays was written after. */
  readonly prev: string;
  remove(): Promise<void>;
}

/**
 * The files of the chain: `audit-<first seq>.jsonl`, one entry a line, and `head`, where the chain ended when that was last confirmed. Knows nothing of
 * hashes; one call at a time.
 */
export class AuditFiles {
  /** Bytes of a last line that a killed host had not finished; they were never confirmed, and are gone. */
  readonly tornBytes: number;
  readonly #options: Required<AuditFilesOptions>;
  readonly #names: string[];
  #head: ChainHead;
  /** Bytes of the last file that are whole. */
  #size: number;
  #file: FileHandle | undefined;
  #headFile: FileHandle | undefined;

  private constructor(options: Required<AuditFilesOptions>, names: string[], end: End, head: ChainHead) {
    this.#options = options;
    this.#names = names;
    this.#size = end.size;
    this.tornBytes = end.tornBytes;
    this.#head = head;
  }

  static async open(given: AuditFilesOptions): Promise<AuditFiles> {
    const options = { files: nodeFiles, fileBytes: FILE_BYTES, filesMax: FILES_MAX, ...given };
    await openStateDirectory(options.directory);
    const names = (await nodeFiles.readdir(options.directory)).filter((name) => NAME.test(name)).sort();
    const last = names.at(-1);
    const end = last === undefined ? NOTHING : await cutTornLine(join(options.directory, last));
    const confirmed = await readHead(options.directory);
    return new AuditFiles(options, names, end, laterHead(end.head, confirmed));
  }

  /** Where the next entry goes. */
  get head(): ChainHead {
    return this.#head;
  }

  /** Begins another file where the last one is full. */
  async makeRoom(): Promise<void> {
    if (this.#names.length > 0 && this.#size < this.#options.fileBytes) return;
    await this.#file?.close();
    this.#file = undefined;
    this.#names.push(`audit-${String(this.#head.nextSeq).padStart(12, '0')}.jsonl`);
    this.#size = 0;
  }

  /** Resolves once the lines are on disk. Where that fails, nothing of them stays. */
  async append(lines: string, head: ChainHead): Promise<void> {
    const file = await this.#open();
    const bytes = Buffer.from(lines);
    try {
      await writeWhole(file, bytes, this.#size);
      await file.datasync();
    } catch (error) {
      await file.truncate(this.#size).catch(() => undefined); // the failure to tell is the first; a torn line is cut at the next start
      throw error;
    }
    this.#size += bytes.length;
    this.#head = head;
  }

  /**
   * Writes down where the chain ends, so that an end which is cut off is missed. Not synced: after a power cut it may lag behind the chain,
   * which is never taken for a fault.
   */
  async confirm(): Promise<void> {
    this.#headFile ??= await this.#options.files.open(join(this.#options.directory, HEAD), WRITE, 0o600);
    await writeWhole(this.#headFile, Buffer.from(formatHead(this.#head)), 0);
  }

  /** Undefined while there is room for all files. */
  async pruning(): Promise<Pruning | undefined> {
    const [oldest, kept] = this.#names;
    if (this.#names.length <= this.#options.filesMax || oldest === undefined || kept === undefined) return undefined;
    const [line = ''] = (await this.#text(kept)).split('\n', 1);
    const { seq, prev } = parseEntry(line);
    return {
      firstKept: seq,
      prev,
      remove: async () => {
        await this.#options.files.rm(join(this.#options.directory, oldest), { force: true });
        this.#names.shift();
      },
    };
  }

  /** Every line, the oldest first. */
  async *lines(): AsyncGenerator<{ readonly text: string; readonly file: string; readonly line: number }> {
    for (const file of this.#names) {
      const texts = linesOf(await this.#text(file));
      for (const [index, text] of texts.entries()) yield { text, file, line: index + 1 };
    }
  }

  /** Entries that can be read and are wanted, the newest first. */
  async newestFirst(limit: number, wanted: (entry: AuditEntry) => boolean): Promise<readonly AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (const name of this.#names.toReversed()) {
      for (const line of linesOf(await this.#text(name)).reverse()) {
        const entry = tryParse(line);
        if (entry !== undefined && wanted(entry)) found.push(entry);
        if (found.length >= limit) return found;
      }
    }
    return found;
  }

  /** As it stands on disk, for whoever checks. */
  confirmedHead(): Promise<ChainHead | undefined> {
    return readHead(this.#options.directory);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    await this.#headFile?.close();
    this.#file = undefined;
    this.#headFile = undefined;
  }

  async #open(): Promise<FileHandle> {
    const name = this.#names.at(-1);
    if (name === undefined) throw new RangeError('makeRoom comes before append');
    this.#file ??= await this.#options.files.open(join(this.#options.directory, name), WRITE, 0o600);
    return this.#file;
  }

  /** A file that somebody removed has no lines; its entries are missed by whoever checks. */
  async #text(name: string): Promise<string> {
    try {
      return await nodeFiles.readFile(join(this.#options.directory, name), 'utf8');
    } catch (error) {
      if (errorWord(error) === 'ENOENT') return '';
      throw error;
    }
  }
}

const WRITE = nodeFiles.constants.O_RDWR | nodeFiles.constants.O_CREAT;

/** On a disk that is nearly full a write may take a part without an error; the next one then fails. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/** How a file ends: its whole bytes, and the entry that the last of its lines is. */
interface End {
  readonly size: number;
  readonly tornBytes: number;
  readonly head: ChainHead;
}

const NOTHING: End = { size: 0, tornBytes: 0, head: CHAIN_START };

/** What follows the last line's end is no entry: it was being written when the host died. */
async function cutTornLine(path: string): Promise<End> {
  const bytes = await nodeFiles.readFile(path);
  const size = bytes.lastIndexOf(0x0a) + 1;
  if (size < bytes.length) await nodeFiles.truncate(path, size);
  const last = tryParse(linesOf(bytes.subarray(0, size).toString('utf8')).at(-1) ?? '');
  const head = last === undefined ? CHAIN_START : { nextSeq: last.seq + 1, hash: last.hash };
  return { size, tornBytes: bytes.length - size, head };
}

async function readHead(directory: string): Promise<ChainHead | undefined> {
  try {
    return parseHead(await nodeFiles.readFile(join(directory, HEAD), 'utf8'));
  } catch (error) {
    if (isCoded(error) || errorWord(error) === 'ENOENT') return undefined; // torn by a power cut, or not there yet: the chain speaks for itself
    throw error;
  }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function tryParse(line: string): AuditEntry | undefined {
  try {
    return parseEntry(line);
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

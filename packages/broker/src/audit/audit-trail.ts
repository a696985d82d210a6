import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  type AuditRecord,
  CHAIN_START,
  type ChainHead,
  formatEntry,
  formatHead,
  HEAD_BYTES,
  isCoded,
  laterHead,
  parseEntry,
  parseHead,
  sealEntry,
} from '@usher/protocol';
import { checkDirectory, orUnusable, readOwnFile, StateUnusable } from '../state-directory.ts';

/** A file this large is followed by the next: some four thousand entries. */
const FILE_BYTES = 1024 * 1024;
/** Files that are kept: a quarter of a million entries, years of a family's sessions. */
const FILES_MAX = 64;
/** An entry's line: the longest has a fingerprint, two hashes and a few words. */
const LINE_MAX = 4096;
const HEAD = 'head';
const NAME = /^audit-(\d{12})\.jsonl$/;

export interface AuditTrailOptions {
  readonly directory: string;
  /** Seconds since 1970. */
  readonly unix: () => number;
  /** Smaller in tests. */
  readonly fileBytes?: number;
  readonly filesMax?: number;
}

/**
 * Zone 0's own chain of decisions (requirements A1, A2, P6.9): `audit-<first seq>.jsonl` in a directory that only root can write, in the
 * form of the host's, and `head` beside them. Each entry is on disk before `append` returns: what can't be written down isn't done.
 */
export class AuditTrail {
  readonly #options: Required<AuditTrailOptions>;
  readonly #names: string[];
  #head: ChainHead;
  /** Bytes of the last file. */
  #size: number;

  /** @throws StateUnusable for a directory or a last file that can't be trusted or understood. */
  constructor(given: AuditTrailOptions) {
    this.#options = { fileBytes: FILE_BYTES, filesMax: FILES_MAX, ...given };
    const { directory } = this.#options;
    orUnusable(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
    checkDirectory(directory);
    this.#names = orUnusable(directory, () => readdirSync(directory))
      .filter((name) => NAME.test(name))
      .sort();
    const last = this.#names.at(-1);
    const end = last === undefined ? undefined : this.#endOf(join(directory, last));
    this.#head = laterHead(end?.head ?? CHAIN_START, this.#confirmed());
    this.#size = end?.size ?? 0;
    if (end !== undefined && end.tornBytes > 0)
      this.append({ event: 'audit.torn-line', principal: 'host', fields: { bytes: end.tornBytes } });
  }

  /** @throws StateUnusable where the entry isn't on disk; then nothing of it stays. */
  append(record: AuditRecord): void {
    this.#makeRoom();
    this.#write(record);
    this.#prune();
  }

  /**
   * Writes down where the chain ends, so that an end which is cut off is missed. Not synced: after a power cut it may lag behind the chain,
   * which is never taken for a fault.
   *
   * @throws StateUnusable where that can't be done; the entries are there all the same.
   */
  confirm(): void {
    const path = join(this.#options.directory, HEAD);
    orUnusable(path, () => {
      const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
      try {
        writeSync(file, formatHead(this.#head), 0);
      } finally {
        closeSync(file);
      }
    });
  }

  #confirmed(): ChainHead | undefined {
    const text = readOwnFile(join(this.#options.directory, HEAD), HEAD_BYTES);
    try {
      return text === undefined ? undefined : parseHead(text);
    } catch (error) {
      if (isCoded(error)) return undefined; // torn by a power cut: the chain speaks for itself
      throw error;
    }
  }

  #write(record: AuditRecord): void {
    const entry = sealEntry(record, this.#options.unix(), this.#head, sha256);
    const line = `${formatEntry(entry)}\n`;
    const path = join(this.#options.directory, this.#names.at(-1) ?? '');
    orUnusable(path, () => {
      const file = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
      try {
        writeFileSync(file, line);
        fdatasyncSync(file);
      } catch (error) {
        ftruncateSync(file, this.#size);
        throw error;
      } finally {
        closeSync(file);
      }
    });
    this.#size += Buffer.byteLength(line);
    this.#head = { nextSeq: entry.seq + 1, hash: entry.hash };
  }

  #makeRoom(): void {
    if (this.#names.length > 0 && this.#size < this.#options.fileBytes) return;
    this.#names.push(`audit-${String(this.#head.nextSeq).padStart(12, '0')}.jsonl`);
    this.#size = 0;
  }

  /** Drops the oldest file and says so in the chain, so that whoever checks knows where it begins now. */
  #prune(): void {
    const [oldest, kept] = this.#names;
    if (this.#names.length <= this.#options.filesMax || oldest === undefined || kept === undefined) return;
    const [line = ''] = (this.#text(kept) ?? '').split('\n', 1);
    const { seq, prev } = this.#parse(line, kept);
    this.#write({ event: 'audit.pruned', principal: 'host', fields: { first_kept: seq, prev } });
    const path = join(this.#options.directory, oldest);
    orUnusable(path, () => rmSync(path, { force: true }));
    this.#names.shift();
  }

  /** Where the last file ends. What follows its last line feed was being written when the broker died, and was never confirmed: it goes. */
  #endOf(path: string): { readonly size: number; readonly tornBytes: number; readonly head: ChainHead } {
    const text = this.#textAt(path) ?? '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const size = Buffer.byteLength(whole);
    const tornBytes = orUnusable(path, () => statSync(path).size) - size;
    if (tornBytes > 0) this.#cut(path, size);
    const last = whole.trimEnd().split('\n').at(-1) ?? '';
    if (last === '') return { size, tornBytes, head: this.#headBefore(path) };
    const { seq, hash } = this.#parse(last, path);
    return { size, tornBytes, head: { nextSeq: seq + 1, hash } };
  }

  /** Of a file that holds no whole entry: the end of the one before. */
  #headBefore(path: string): ChainHead {
    const before = this.#names.at(-2);
    return before === undefined || path !== join(this.#options.directory, this.#names.at(-1) ?? '')
      ? CHAIN_START
      : this.#endOf(join(this.#options.directory, before)).head;
  }

  #cut(path: string, size: number): void {
    orUnusable(path, () => {
      const file = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
      try {
        ftruncateSync(file, size);
      } finally {
        closeSync(file);
      }
    });
  }

  #text(name: string): string | undefined {
    return this.#textAt(join(this.#options.directory, name));
  }

  #textAt(path: string): string | undefined {
    return readOwnFile(path, this.#options.fileBytes + 2 * LINE_MAX);
  }

  #parse(line: string, place: string) {
    try {
      return parseEntry(line);
    } catch (error) {
      if (isCoded(error)) throw new StateUnusable(`${place}: an entry can't be read`, error);
      throw error;
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

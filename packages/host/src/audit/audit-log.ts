import { createHash } from 'node:crypto';
import { type AuditEntry, type AuditRecord, type AuditVerdict, ChainCheck, formatEntry, PRUNED_EVENT, sealEntry } from '@usher/domain';
import { CodedError, type WireError } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { AuditLog, AuditQuery } from '../profile-services.ts';
import { errorWord } from '../store/state-directory.ts';
import { AuditFiles, type AuditFilesOptions } from './audit-files.ts';
import { isWanted } from './audit-query.ts';

/** Entries that wait for the disk: a busy day's worth; more means that it hangs. */
const WAITING_MAX = 1024;
/** Entries of one answer. */
const READ_MAX = 1000;

export interface AuditLogOptions extends AuditFilesOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

interface Waiting {
  readonly record: AuditRecord;
  readonly unix: number;
  readonly written: () => void;
}

/**
 * The chained record of decisions (requirement A1). Entries that come while the disk works are written together and share one fsync. A disk
 * that refuses stops nobody from using the host: the entries are lost, the console tells it, and the next entry that is written says how many.
 */
export class ChainedAuditLog implements AuditLog {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #files: AuditFiles;
  readonly #waiting: Waiting[] = [];
  #lost = 0;
  #problem: CodedError | undefined;
  /** Everything that touches the files, one after the other. */
  #last: Promise<void> = Promise.resolve();
  #isWriting = false;

  private constructor({ clock, log }: AuditLogOptions, files: AuditFiles) {
    this.#clock = clock;
    this.#log = log;
    this.#files = files;
  }

  /** Rejects with `store.unsafe` or `store.unreadable` where the directory can't be used. */
  static async open(options: AuditLogOptions): Promise<ChainedAuditLog> {
    const files = await AuditFiles.open(options);
    const audit = new ChainedAuditLog(options, files);
    if (files.tornBytes > 0) {
      await audit.append({ event: 'audit.torn-line', principal: 'host', fields: { bytes: files.tornBytes } });
    }
    return audit;
  }

  problem(): WireError | undefined {
    return this.#problem && { code: this.#problem.code, message: this.#problem.message };
  }

  append(record: AuditRecord): Promise<void> {
    if (this.#waiting.length >= WAITING_MAX) {
      this.#lost += 1;
      return Promise.resolve();
    }
    return new Promise((written) => {
      this.#waiting.push({ record, unix: this.#clock.unix(), written });
      if (this.#isWriting) return;
      this.#isWriting = true;
      void this.#inTurn(() => this.#write());
    });
  }

  read(query: AuditQuery): Promise<readonly AuditEntry[]> {
    const limit = Math.min(Math.max(query.limit, 1), READ_MAX);
    return this.#inTurn(() => this.#files.newestFirst(limit, (entry) => isWanted(entry, query)));
  }

  verify(): Promise<AuditVerdict> {
    return this.#inTurn(async () => {
      const check = new ChainCheck(sha256);
      for await (const { text, file, line } of this.#files.lines()) check.take(text, file, line);
      return check.finish(await this.#files.confirmedHead(), 'head');
    });
  }

  /** Everything that was appended is on disk, and nothing is held open. */
  async close(): Promise<void> {
    await this.#inTurn(() => this.#files.close());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.then(
      () => undefined,
      () => undefined, // whoever asked hears of it
    );
    return done;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      await this.#writeBatch(batch);
      for (const { written } of batch) written();
    }
    this.#isWriting = false;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const lost = this.#lost;
    const gap: readonly Omit<Waiting, 'written'>[] =
      lost === 0 ? [] : [{ record: { event: 'audit.lost', principal: 'host', fields: { count: lost } }, unix: this.#clock.unix() }];
    const isWritten = await this.#manages("the audit can't be written; what happens now is not recorded", async () => {
      await this.#files.makeRoom();
      await this.#seal([...gap, ...batch]);
    });
    if (!isWritten) {
      this.#lost += batch.length;
      return;
    }
    this.#lost -= lost;
    if (await this.#tidies()) this.#problem = undefined;
  }

  /** What follows an entry that is on disk: a failure here loses none. */
  async #tidies(): Promise<boolean> {
    return (
      (await this.#manages('the audit is written, but not where it ends; entries cut off its end would not be missed', () =>
        this.#files.confirm(),
      )) && (await this.#manages("the audit is written, but its oldest entries can't be dropped; it grows", () => this.#prune()))
    );
  }

  /** Whether it could be done; where not, `problem` is what the operator reads until the audit is whole again. */
  async #manages(problem: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (cause) {
      const message = `${problem} (${errorWord(cause)})`;
      if (this.#problem?.message !== message) this.#log.error({ code: 'store.write-failed' }, message);
      this.#problem = new CodedError('store.write-failed', message, { cause });
      return false;
    }
  }

  async #seal(records: readonly { readonly record: AuditRecord; readonly unix: number }[]): Promise<void> {
    let { head } = this.#files;
    const lines = records.map(({ record, unix }) => {
      const entry = sealEntry(record, unix, head, sha256);
      head = { nextSeq: entry.seq + 1, hash: entry.hash };
      return `${formatEntry(entry)}\n`;
    });
    await this.#files.append(lines.join(''), head);
  }

  /** The chain says what it is about to forget, before it does. */
  async #prune(): Promise<void> {
    const plan = await this.#files.pruning();
    if (plan === undefined) return;
    const fields = { first_kept: plan.firstKept, prev: plan.prev };
    await this.#seal([{ record: { event: PRUNED_EVENT, principal: 'host', fields }, unix: this.#clock.unix() }]);
    await this.#files.confirm();
    await plan.remove();
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

import { type AuditEntry, CHAIN_START, type ChainHead, type HashText, holdsItsHash, parseEntry } from '@usher/protocol';

/** Faults that are told; whoever has more has lost the chain. */
const FAULTS_MAX = 100;

/** What is wrong with the chain, and where: `seq` of the entry, or of the first that should stand there. */
export interface AuditFault {
  readonly kind: 'changed' | 'missing' | 'misplaced' | 'unreadable';
  readonly seq: number;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  /** Oldest entry that is kept; above 0 once rotation has dropped old files, which the chain itself records. */
  readonly firstSeq: number;
  readonly faults: readonly AuditFault[];
}

/** The event by which the chain itself says that rotation dropped its beginning. */
export const PRUNED_EVENT = 'audit.pruned';

/**
 * Walks a chain line by line and names what doesn't hold (requirement A1). An entry is believed to be what it says once its own hash and
 * the next entry's memory of it agree.
 */
export class ChainCheck {
  readonly #hashText: HashText;
  readonly #faults: AuditFault[] = [];
  /** Where rotation says the chain begins: seq, and the hash before it. */
  readonly #beginnings = new Map<number, string>([[CHAIN_START.nextSeq, CHAIN_START.hash]]);
  /** The first entry, until the whole chain has been seen and can vouch for it. */
  #first: { readonly entry: AuditEntry; readonly file: string } | undefined;
  #entries = 0;
  #expectedSeq: number | undefined;
  /** Undefined after an entry that couldn't be read. */
  #lastHash: string | undefined;

  constructor(hashText: HashText) {
    this.#hashText = hashText;
  }

  /** The next line. */
  take(text: string, file: string, line: number): void {
    const at = { file, line };
    const expected = this.#expectedSeq ?? 0;
    let entry: AuditEntry;
    try {
      entry = parseEntry(text);
    } catch {
      // What the line was can't be known; its place is what can be named.
      this.#fault({ kind: 'unreadable', seq: expected, ...at, message: `entry ${expected} can't be read` });
      this.#expectedSeq = expected + 1;
      this.#lastHash = undefined;
      return;
    }
    this.#entries += 1;
    this.#first ??= { entry, file };
    this.#place(entry, this.#expectedSeq ?? entry.seq, at);
  }

  /** `head` is what the writer last confirmed, kept beside the chain: it knows of entries that were cut off its end. */
  finish(head: ChainHead | undefined, headFile: string): AuditVerdict {
    const next = this.#expectedSeq ?? 0;
    if (head !== undefined && head.nextSeq > next) {
      this.#fault({ kind: 'missing', seq: next, file: headFile, line: 1, message: `${range(next, head.nextSeq - 1)} cut off the end` });
    }
    if (head?.nextSeq === next && this.#lastHash !== undefined && head.hash !== this.#lastHash) {
      this.#fault({ kind: 'changed', seq: next - 1, file: headFile, line: 1, message: `entry ${next - 1} was replaced` });
    }
    this.#checkBeginning();
    const faults = [...this.#faults].sort((one, other) => one.seq - other.seq);
    return { ok: faults.length === 0, entries: this.#entries, firstSeq: this.#first?.entry.seq ?? 0, faults };
  }

  #place(entry: AuditEntry, expected: number, at: { readonly file: string; readonly line: number }): void {
    const { seq } = entry;
    if (!holdsItsHash(entry, this.#hashText)) {
      this.#fault({ kind: 'changed', seq, ...at, message: `entry ${seq} was changed: its hash doesn't match` });
    }
    if (seq < expected) {
      this.#misplaced(seq, at);
      return;
    }
    if (seq > expected) {
      this.#fault({ kind: 'missing', seq: expected, ...at, message: `${range(expected, seq - 1)} missing` });
    } else if (this.#lastHash !== undefined && entry.prev !== this.#lastHash) {
      this.#fault({ kind: 'changed', seq: seq - 1, ...at, message: `entry ${seq - 1} isn't the one that entry ${seq} was written after` });
    }
    this.#rememberPruning(entry);
    this.#expectedSeq = seq + 1;
    this.#lastHash = entry.hash;
  }

  /** An entry that stands behind a later one; where it was missed before, it isn't missing but misplaced. */
  #misplaced(seq: number, at: { readonly file: string; readonly line: number }): void {
    const missed = this.#faults.findIndex((fault) => fault.kind === 'missing' && fault.seq === seq);
    const fault = { kind: 'misplaced', seq, ...at, message: `entry ${seq} stands behind later ones, or twice` } as const;
    if (missed >= 0) this.#faults[missed] = fault;
    else this.#fault(fault);
  }

  #rememberPruning({ event, fields }: AuditEntry): void {
    const { first_kept: firstKept, prev } = fields ?? {};
    if (event === PRUNED_EVENT && typeof firstKept === 'number' && typeof prev === 'string') this.#beginnings.set(firstKept, prev);
  }

  #checkBeginning(): void {
    if (this.#first === undefined) return;
    const { entry, file } = this.#first;
    const prev = this.#beginnings.get(entry.seq);
    if (prev === entry.prev) return;
    const message =
      prev === undefined
        ? `${range(0, entry.seq - 1)} missing, and no entry says that rotation dropped them`
        : 'the beginning was replaced';
    this.#fault({ kind: prev === undefined ? 'missing' : 'changed', seq: prev === undefined ? 0 : entry.seq, file, line: 1, message });
  }

  #fault(fault: AuditFault): void {
    if (this.#faults.length < FAULTS_MAX) this.#faults.push(fault);
  }
}

function range(from: number, to: number): string {
  return from === to ? `entry ${from} was` : `entries ${from} to ${to} were`;
}

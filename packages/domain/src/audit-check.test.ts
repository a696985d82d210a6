import { type AuditRecord, CHAIN_START, type ChainHead, formatEntry, parseEntry, sealEntry } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { id } from '../testing/profiles.ts';
import { ChainCheck, PRUNED_EVENT } from './audit-check.ts';

/** A hash that is good enough to tell texts apart: 64-bit FNV-1a, four times over. */
function hashText(text: string): string {
  return ['a', 'b', 'c', 'd']
    .map((salt) => {
      let hash = 0xcbf2_9ce4_8422_2325n;
      for (const letter of salt + text) hash = ((hash ^ BigInt(letter.codePointAt(0) ?? 0)) * 0x1_0000_0001_b3n) & 0xffff_ffff_ffff_ffffn;
      return hash.toString(16).padStart(16, '0');
    })
    .join('');
}

const RECORD: AuditRecord = {
  event: 'device.paired',
  principal: 'operator',
  profile: id(1),
  fields: { name: 'Laptop', count: 3, ok: true },
};

function chain(records: readonly AuditRecord[], from: ChainHead = CHAIN_START): { readonly lines: string[]; readonly head: ChainHead } {
  let head = from;
  const lines = records.map((record) => {
    const entry = sealEntry(record, 1_800_000_000, head, hashText);
    head = { nextSeq: entry.seq + 1, hash: entry.hash };
    return formatEntry(entry);
  });
  return { lines, head };
}

const numbered = (count: number) => Array.from({ length: count }, (_, number): AuditRecord => ({ ...RECORD, fields: { number } }));

function faults(lines: readonly string[], head?: ChainHead): readonly string[] {
  const check = new ChainCheck(hashText);
  for (const [index, line] of lines.entries()) check.take(line, 'file', index + 1);
  const verdict = check.finish(head, 'head');
  expect(verdict.ok).toBe(verdict.faults.length === 0);
  return verdict.faults.map((fault) => `${fault.kind} ${fault.seq} @${fault.file}:${fault.line}`);
}

/** The line with its text changed and its hash put right, as somebody with the source would do it. */
function forged(line: string): string {
  const { hash: _old, seq, unix, prev, ...record } = parseEntry(line);
  return formatEntry(sealEntry({ ...record, principal: 'host' }, unix, { nextSeq: seq, hash: prev }, hashText));
}

describe('the audit chain (requirement A1)', () => {
  const { lines, head } = chain(numbered(10));
  const EACH = lines.map((_, seq) => seq);

  it('requirement A1: as it was written it holds', () => {
    expect(faults(lines, head)).toEqual([]);
    expect(faults(lines)).toEqual([]);
    expect(faults([])).toEqual([]);
  });

  it('requirement A1: an entry is read as it was written', () => {
    const entry = sealEntry(RECORD, 1_800_000_000, CHAIN_START, hashText);
    expect(parseEntry(formatEntry(entry))).toEqual(entry);
    const bare = sealEntry({ event: 'device.paired', principal: 'device:ab' }, 1, CHAIN_START, hashText);
    expect(parseEntry(formatEntry(bare))).toEqual(bare);
  });

  it.each(EACH)('requirement A1: entry %i changed is found and named', (seq) => {
    const changed = lines.with(seq, (lines[seq] ?? '').replace('"operator"', '"host"'));
    expect(faults(changed, head)).toEqual([`changed ${seq} @file:${seq + 1}`]);
  });

  it.each(EACH)('requirement A1: entry %i forged with a hash that fits is found and named', (seq) => {
    const where = seq === 9 ? 'head:1' : `file:${seq + 2}`;
    expect(faults(lines.with(seq, forged(lines[seq] ?? '')), head)).toEqual([`changed ${seq} @${where}`]);
  });

  it.each(EACH)('requirement A1: entry %i dropped is found and named', (seq) => {
    const where = seq === 9 ? 'head:1' : `file:${seq === 0 ? 1 : seq + 1}`;
    expect(faults(lines.toSpliced(seq, 1), head)).toEqual([`missing ${seq} @${where}`]);
  });

  it.each([0, 1, 5, 8])('requirement A1: entries %i and the next in the other order are found', (seq) => {
    const swapped = lines.toSpliced(seq, 2, lines[seq + 1] ?? '', lines[seq] ?? '');
    expect(faults(swapped, head).join()).toContain(`misplaced ${seq} `);
  });

  it('requirement A1: an entry that stands twice is found', () => {
    expect(faults(lines.toSpliced(5, 0, lines[2] ?? ''), head)).toEqual(['misplaced 2 @file:6']);
  });

  it.each(['', '{}', 'noise', '{"seq":4'])('requirement A1: a line that reads "%s" is named by its place', (text) => {
    expect(faults(lines.with(4, text), head)).toEqual(['unreadable 4 @file:5']);
  });

  it('requirement A1: a tail that is gone is found by what the writer had confirmed', () => {
    expect(faults(lines.slice(0, 6), head)).toEqual(['missing 6 @head:1']);
    expect(faults([], head)).toEqual(['missing 0 @head:1']);
    // A head that lags behind is what a killed host leaves.
    expect(faults(lines, { nextSeq: 5, hash: 'x' })).toEqual([]);
  });

  it('requirement A1: a beginning that rotation dropped is fine where the chain says so', () => {
    const first = parseEntry(lines[4] ?? '');
    const pruned: AuditRecord = { event: PRUNED_EVENT, principal: 'host', fields: { first_kept: 4, prev: first.prev } };
    const after = chain([pruned], head);
    expect(faults([...lines.slice(4), ...after.lines], after.head)).toEqual([]);
    expect(faults([...lines.slice(5), ...after.lines], after.head)).toEqual(['missing 0 @file:1']);
    expect(faults(lines.slice(4), head)).toEqual(['missing 0 @file:1']);
    const unsaid = chain([{ event: PRUNED_EVENT, principal: 'host' }], head);
    expect(faults([...lines.slice(4), ...unsaid.lines], unsaid.head)).toEqual(['missing 0 @file:1']);
  });

  it('requirement A1: a chain that begins with a forged past is found', () => {
    const other = chain(numbered(3), { nextSeq: 0, hash: 'f'.repeat(64) });
    expect(faults(other.lines, other.head)).toEqual(['changed 0 @file:1']);
  });

  it('requirement A1: any one change is found', () => {
    const edit = fc.record({ line: fc.nat(9), at: fc.nat(400), to: fc.constantFrom('0', '1', 'x', '"', ',') });
    fc.assert(
      fc.property(edit, ({ line, at, to }) => {
        const text = lines[line] ?? '';
        const place = at % text.length;
        fc.pre(text[place] !== to);
        expect(faults(lines.with(line, text.slice(0, place) + to + text.slice(place + 1)), head)).not.toEqual([]);
      }),
    );
  });

  it('requirement A1: at most a hundred faults are told', () => {
    const many = Array.from({ length: 300 }, () => 'noise');
    const check = new ChainCheck(hashText);
    for (const [index, line] of many.entries()) check.take(line, 'file', index);
    expect(check.finish(undefined, 'head').faults).toHaveLength(100);
  });

  it.each([
    { ...RECORD, principal: 'somebody' },
    { ...RECORD, profile: 'kids' },
    { ...RECORD, fields: { nested: {} } },
    { ...RECORD, fields: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`f${index}`, 1])) },
  ])('requirement A1: %j is no entry', (body) => {
    expect(() => parseEntry(JSON.stringify({ ...body, seq: 0, unix: 0, prev: '', hash: '' }))).toThrow(
      expect.objectContaining({ code: 'message.malformed' }),
    );
  });
});

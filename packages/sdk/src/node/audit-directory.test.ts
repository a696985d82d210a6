import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEntry, CHAIN_START, formatEntry, formatHead, parseEntry, sealEntry } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAuditDirectory } from './audit-directory.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-chain-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const FIRST = 'audit-000000000000.jsonl';

/** So many decisions, as the broker seals them. */
function chain(count: number): readonly string[] {
  const lines: string[] = [];
  let head = CHAIN_START;
  for (let index = 0; index < count; index += 1) {
    const record = { event: 'session.opened', principal: 'host', fields: { number: index } } as const;
    const entry: AuditEntry = sealEntry(record, 1_800_000_000 + index, head, sha256);
    head = { nextSeq: entry.seq + 1, hash: entry.hash };
    lines.push(formatEntry(entry));
  }
  return lines;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function write(first: number, lines: readonly string[], end = '\n'): Promise<void> {
  await writeFile(join(directory, `audit-${String(first).padStart(12, '0')}.jsonl`), lines.join('\n') + end);
}

describe('a chain where it lies', () => {
  it('A1, A2: is whole over several files, beside others that are none of it', async () => {
    const lines = chain(6);
    await write(0, lines.slice(0, 4));
    await write(4, lines.slice(4));
    await writeFile(join(directory, 'head'), '{}');
    expect(await verifyAuditDirectory(directory)).toEqual({ ok: true, entries: 6, firstSeq: 0, faults: [] });
  });

  it.each([
    [
      'changed',
      (lines: string[]) => lines.with(2, lines[2]?.replace('"number":2', '"number":7') ?? ''),
      { kind: 'changed', seq: 2, line: 3 },
    ],
    ['dropped', (lines: string[]) => lines.toSpliced(1, 1), { kind: 'missing', seq: 1, line: 2 }],
    ['moved', (lines: string[]) => [lines[0], lines[2], lines[1], lines[3]], { kind: 'misplaced', seq: 1, line: 3 }],
    ['cut off at the beginning', (lines: string[]) => lines.slice(1), { kind: 'missing', seq: 0, line: 1 }],
    ['overwritten', (lines: string[]) => lines.with(3, 'nothing'), { kind: 'unreadable', seq: 3, line: 4 }],
  ])('A1: with an entry that was %s is not, and it is named', async (_how, tamper, fault) => {
    await write(
      0,
      tamper([...chain(4)]).map((line) => line ?? ''),
    );
    const { ok, faults } = await verifyAuditDirectory(directory);
    expect([ok, faults]).toEqual([false, expect.arrayContaining([expect.objectContaining({ ...fault, file: FIRST })])]);
  });

  it('A1: misses entries that were cut off the end which its writer had confirmed', async () => {
    const lines = chain(4);
    await write(0, lines.slice(0, 2));
    await writeFile(join(directory, 'head'), formatHead({ nextSeq: 4, hash: parseEntry(lines[3] ?? '').hash }));
    const { ok, faults } = await verifyAuditDirectory(directory);
    expect([ok, faults]).toEqual([false, [expect.objectContaining({ kind: 'missing', seq: 2, file: 'head' })]]);
  });

  it('A1: is whole where its writer has gone on since it confirmed its end', async () => {
    const lines = chain(4);
    await write(0, lines);
    await writeFile(join(directory, 'head'), formatHead({ nextSeq: 2, hash: parseEntry(lines[1] ?? '').hash }));
    expect(await verifyAuditDirectory(directory)).toMatchObject({ ok: true, entries: 4 });
  });

  it('A1: survives a last line that is being written', async () => {
    await write(0, [...chain(2), '{"event":"sess'], '');
    expect(await verifyAuditDirectory(directory)).toMatchObject({ ok: true, entries: 2 });
  });

  it.each([
    ['is not there', 'nowhere', () => Promise.resolve()],
    ['is a file', FIRST, () => write(0, [])],
    ['holds a link', '', () => symlink('/etc/passwd', join(directory, FIRST))],
    ['holds a directory', '', () => mkdir(join(directory, FIRST))],
    ['holds too much', '', () => write(0, ['x'.repeat(2 ** 21 + 1)])],
  ])('A1: that %s is said to be unreadable', async (_what, place, prepare) => {
    await prepare();
    await expect(verifyAuditDirectory(join(directory, place))).rejects.toMatchObject({ code: 'store.unreadable' });
  });
});

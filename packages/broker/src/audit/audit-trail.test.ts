import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditVerdict, ChainCheck } from '@usher/domain';
import { type AuditRecord, parseHead } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateUnusable } from '../state-directory.ts';
import { AuditTrail, type AuditTrailOptions } from './audit-trail.ts';

const FIRST = 'audit-000000000000.jsonl';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true });
});

function trail(options: Partial<AuditTrailOptions> = {}): AuditTrail {
  return new AuditTrail({ directory, unix: () => 1_700_000_000, ...options });
}

function record(number: number): AuditRecord {
  return { event: 'broker.refused', principal: 'host', fields: { number } };
}

/** Does it to the directory of a broker that has confirmed an entry. */
function spoiled(spoil: () => void): void {
  const audit = trail();
  audit.append(record(0));
  audit.confirm();
  spoil();
}

function files(): string[] {
  return readdirSync(directory).sort();
}

/** What the reader that checks the host's chain says of ours. */
function verdict(): AuditVerdict {
  const check = new ChainCheck((text) => createHash('sha256').update(text).digest('hex'));
  const present = files();
  for (const name of present.filter((file) => file !== 'head')) {
    for (const [index, line] of readFileSync(join(directory, name), 'utf8').trimEnd().split('\n').entries())
      check.take(line, name, index + 1);
  }
  return check.finish(present.includes('head') ? parseHead(readFileSync(join(directory, 'head'), 'utf8')) : undefined, 'head');
}

describe('the audit of zone 0', () => {
  it('A2: is a chain that goes on where the broker before ended', () => {
    const first = trail();
    for (let number = 0; number < 3; number += 1) first.append(record(number));
    trail().append(record(3));
    expect(verdict()).toMatchObject({ ok: true, entries: 4, firstSeq: 0 });
  });

  it('A1: misses what is cut off its end, also after the next broker has gone on', () => {
    const audit = trail();
    for (let number = 0; number < 4; number += 1) audit.append(record(number));
    audit.confirm();
    const path = join(directory, FIRST);
    writeFileSync(path, readFileSync(path, 'utf8').split('\n').slice(0, 2).join('\n').concat('\n'));
    const missing = { ok: false, faults: [{ kind: 'missing', seq: 2 }] };
    expect(verdict()).toMatchObject(missing);
    const next = trail();
    next.append(record(4));
    next.confirm();
    expect(verdict()).toMatchObject({ ...missing, entries: 3 });
  });

  it.each([
    ['what a broker that was killed confirmed last is older', (head: string) => head],
    ['a power cut tore what was confirmed', (head: string) => head.slice(0, 40)],
    ['a power cut left nothing of what was confirmed', () => ''],
  ])('A1: is whole where %s', (_what, spoil) => {
    const audit = trail();
    audit.append(record(0));
    audit.confirm();
    const confirmed = readFileSync(join(directory, 'head'), 'utf8');
    audit.append(record(1));
    writeFileSync(join(directory, 'head'), spoil(confirmed));
    const next = trail();
    next.append(record(2));
    next.confirm();
    expect(verdict()).toMatchObject({ ok: true, entries: 3 });
  });

  it('A1: tells an entry that was changed', () => {
    const audit = trail();
    for (let number = 0; number < 3; number += 1) audit.append(record(number));
    const path = join(directory, FIRST);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"number":1', '"number":7'));
    expect(verdict()).toMatchObject({ ok: false, faults: [{ kind: 'changed', seq: 1 }] });
  });

  it('A1: cuts a line that a killed broker had not finished, and says so', () => {
    trail().append(record(0));
    appendFileSync(join(directory, FIRST), '{"event":"broker.ref');
    trail().append(record(1));
    expect(verdict()).toMatchObject({ ok: true, entries: 3 });
    expect(readFileSync(join(directory, FIRST), 'utf8')).toContain('"event":"audit.torn-line"');
  });

  it('A1: goes on after a file of which nothing was finished', () => {
    const audit = trail({ fileBytes: 1 });
    audit.append(record(0));
    audit.append(record(1));
    truncateSync(join(directory, 'audit-000000000001.jsonl'), 20);
    trail({ fileBytes: 1 }).append(record(2));
    expect(verdict()).toMatchObject({ ok: true, firstSeq: 0 });
  });

  it('A1: a file that is torn and the only one begins the chain', () => {
    writeFileSync(join(directory, FIRST), '{"ev', { mode: 0o600 });
    trail().append(record(0));
    expect(verdict()).toMatchObject({ ok: true, entries: 2, firstSeq: 0 });
  });

  it('A1: keeps the chain when it drops its oldest file', () => {
    const audit = trail({ fileBytes: 1, filesMax: 3 });
    for (let number = 0; number < 10; number += 1) audit.append(record(number));
    expect(files().length).toBeLessThanOrEqual(4);
    expect(verdict().ok).toBe(true);
    expect(verdict().firstSeq).toBeGreaterThan(0);
  });

  it.each([
    ['a directory that others may write', () => chmodSync(directory, 0o722)],
    [
      'a file that others may write',
      () => {
        writeFileSync(join(directory, FIRST), '');
        chmodSync(join(directory, FIRST), 0o620);
      },
    ],
    ['a confirmed end that others may write', () => spoiled(() => chmodSync(join(directory, 'head'), 0o620))],
    ['a confirmed end that is a link', () => symlinkSync('/dev/zero', join(directory, 'head'))],
    ['a last entry that is none', () => writeFileSync(join(directory, FIRST), 'hello\n', { mode: 0o600 })],
  ])('P6.9: refuses %s', (_what, spoil) => {
    spoil();
    expect(() => trail()).toThrow(StateUnusable);
  });

  it('B8: an entry that does not reach the disk is a failure, and leaves nothing behind', () => {
    const audit = trail();
    audit.append(record(0));
    rmSync(directory, { recursive: true });
    expect(() => audit.append(record(1))).toThrow(StateUnusable);
    directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
  });
});

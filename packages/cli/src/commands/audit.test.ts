import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHAIN_START, formatEntry, sealEntry } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { type FakeAnswer, FakeHostApi } from '../../testing/fake-host-api.ts';
import { FakeTerminal } from '../../testing/fake-terminal.ts';
import { run } from '../program.ts';

const packages = new URL('../../../', import.meta.url);
const FP = `4fa1b2c3${'d'.repeat(56)}`;
const KIDS = '0123456789ab';
const PROFILES = { 'GET /api/v1/profiles': { body: [{ id: KIDS, display_name: 'Kids' }] } };

/** Runs a command against a fake host; words are separated by a bar. */
async function ask(line: string, answers: Readonly<Record<string, FakeAnswer>>) {
  await using api = await FakeHostApi.start(answers);
  const terminal = new FakeTerminal({ USHER_HOME: api.home });
  const exitCode = await run([...line.split('|'), '--url', api.url], terminal, packages);
  return { exitCode, terminal, shown: terminal.output.join('\n') };
}

describe('A1: usher audit', () => {
  const entry = {
    ...{ seq: 7, unix: 1_800_000_000, event: 'profile.created', principal: `device:${FP}`, profile: KIDS, fields: { name: 'Kids' } },
    ...{ prev: '0'.repeat(64), hash: 'f'.repeat(64) },
  };

  it('A1: shows what was decided', async () => {
    const answers = { 'GET /api/v1/audit?limit=5&event=profile.created': { body: { entries: [entry] } } };
    const { shown } = await ask('audit|show|--limit|5|--event|profile.created', answers);
    expect(shown).toMatch(/7 +\S+ \S+ +profile\.created +device:4fa1b2c3 +0123456789ab +name=Kids/);
  });

  it('A1: … by whom, and of which profile, by its name', async () => {
    const answers = { ...PROFILES, [`GET /api/v1/audit?limit=50&principal=operator&profile=${KIDS}`]: { body: { entries: [] } } };
    expect((await ask('audit|show|--by|operator|--profile|kids', answers)).shown).toBe('Nothing is recorded.');
  });

  it.each([
    [{ ok: true, entries: 9, first_seq: 0, faults: [] }, 0, '9 entries, and nothing was changed'],
    [
      {
        ok: false,
        entries: 9,
        first_seq: 0,
        faults: [{ kind: 'changed', seq: 4, file: 'a.jsonl', line: 5, message: 'entry 4 was changed' }],
      },
      1,
      'a.jsonl:5: entry 4 was changed',
    ],
  ])('A1: verify says what it found, and in its exit code (%#)', async (verdict, expected, text) => {
    const answers = { 'POST /api/v1/audit/verify': { body: verdict } };
    const { exitCode, shown } = await ask('audit|verify', answers);
    expect(exitCode).toBe(expected);
    expect(shown).toContain(text);
    expect((await ask('audit|verify|--json', answers)).terminal.json()).toEqual(verdict);
  });
});

describe('A2: usher audit verify, and the chain of the broker', () => {
  const HOST = { ok: true, entries: 9, first_seq: 0, faults: [] };
  const ANSWERS = { 'POST /api/v1/audit/verify': { body: HOST } };

  /** A broker's state with one entry, as it was written, with another word in it, or where nobody can read it. */
  async function withBroker(line: string, { tampered = false, unreadable = false } = {}) {
    const state = await mkdtemp(join(tmpdir(), 'usher-broker-'));
    try {
      const audit = join(state, unreadable ? 'elsewhere' : 'audit');
      await mkdir(audit);
      const hash = (text: string) => createHash('sha256').update(text).digest('hex');
      const entry = formatEntry(sealEntry({ event: 'session.opened', principal: 'host' }, 1_800_000_000, CHAIN_START, hash));
      await writeFile(join(audit, 'audit-000000000000.jsonl'), `${tampered ? entry.replace('opened', 'closed') : entry}\n`);
      return await ask(`${line}|--broker-state|${state}`, ANSWERS);
    } finally {
      await rm(state, { recursive: true });
    }
  }

  it('A2: reads both where it may, and tells them apart', async () => {
    const { exitCode, shown } = await withBroker('audit|verify');
    expect([exitCode, shown.split('\n')]).toEqual([
      0,
      [
        '9 entries, and nothing was changed, left out or moved',
        'The broker’s chain: 1 entries, and nothing was changed, left out or moved',
      ],
    ]);
    expect((await withBroker('audit|verify|--json')).terminal.json()).toEqual({ ...HOST, broker: { ...HOST, entries: 1 } });
  });

  it.each(['audit|verify', 'audit|verify|--broker'])('A2: `%s` finds what was changed in the broker’s, and ends with 1', async (line) => {
    const { exitCode, shown } = await withBroker(line, { tampered: true });
    expect([exitCode, shown]).toEqual([1, expect.stringContaining('audit-000000000000.jsonl:1: entry 0 was changed')]);
  });

  it('A2: the broker’s alone needs no host', async () => {
    const { terminal } = await withBroker('audit|verify|--broker|--json');
    expect(terminal.json()).toEqual({ ...HOST, entries: 1 });
  });

  it('A2: who can’t read it is told what to run, and still hears of the host’s', async () => {
    const both = await withBroker('audit|verify', { unreadable: true });
    expect([both.exitCode, both.shown]).toEqual([0, expect.stringContaining('sudo usher audit verify --broker')]);
    const alone = await withBroker('audit|verify|--broker|--json', { unreadable: true });
    expect([alone.exitCode, alone.terminal.json()]).toEqual([1, expect.objectContaining({ ok: false, code: 'store.unreadable' })]);
  });
});

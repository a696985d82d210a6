import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEntry } from '@usher/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AuditTrail } from './audit-trail.ts';
import { Decisions } from './decisions.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('B8: an end that can’t be confirmed is told, and the decision stands: its entry is on disk', () => {
  const errors: string[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => errors.push(message) };
  const unix = () => 1_700_000_000;
  const decisions = new Decisions({ trail: new AuditTrail({ directory, unix }), unix, log });
  mkdirSync(join(directory, 'head')); // nothing can be written there, by root either

  decisions.connected(4321);
  expect(errors).toEqual(['where the audit ends could not be confirmed']);
  const lines = readFileSync(join(directory, 'audit-000000000000.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => parseEntry(line).event)).toEqual(['broker.host-connected']);
});

import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { id, phone } from '../../../domain/testing/profiles.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { GateFile } from './gate-file.ts';

const NOW = 1_800_000_000;
const inFile = <T>(use: (path: string) => Promise<T>) => inTemporaryDirectory((directory) => use(join(directory, 'passcode_gate.json')));
const attempt = (gate: GateFile) => gate.change((counters) => counters.attempt(id(1), phone(1), false, NOW));

describe('passcode_gate.json', () => {
  it('P2.3: a restart forgets no failure', async () => {
    await inFile(async (path) => {
      expect((await attempt(await GateFile.open(path))).outcome).toBe('open');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      const again = await GateFile.open(path);
      expect(again.counters.failures(id(1), phone(1))).toBe(1);
      expect((await attempt(again)).outcome).toBe('locked');
    });
  });

  it('P2.3: an attempt is on disk before its count is answered', async () => {
    await inFile(async (path) => {
      const order: string[] = [];
      const gate = await GateFile.open(path, (_path, contents) => {
        order.push(`saved ${contents.includes('"failures":1')}`);
        return Promise.resolve();
      });
      await attempt(gate);
      order.push('answered');
      expect(order).toEqual(['saved true', 'answered']);
    });
  });

  it.each(['noise', '{"version":2,"devices":[],"days":[]}'])('P2.3: "%s" is kept, and no passcode is looked at', async (text) => {
    await inFile(async (path) => {
      await writeFile(path, text);
      const gate = await GateFile.open(path);
      expect(gate.problem()?.code).toBe('store.unreadable');
      await expect(attempt(gate)).rejects.toMatchObject({ code: 'store.unreadable' });
      expect(await readFile(path, 'utf8')).toBe(text);
    });
  });

  it('P2.3: a disk that can’t take the count refuses the attempt', async () => {
    await inFile(async (path) => {
      const gate = await GateFile.open(path, () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })));
      await expect(attempt(gate)).rejects.toMatchObject({ code: 'store.write-failed' });
      expect(gate.counters.failures(id(1), phone(1))).toBe(1);
    });
  });
});

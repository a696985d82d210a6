import * as nodeFiles from 'node:fs/promises';
import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { containing } from '../../testing/matchers.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import type { AuditLogOptions } from './audit-log.ts';
import { ChainedAuditLog } from './audit-log.ts';

type Overrides = Partial<Pick<AuditLogOptions, 'files' | 'fileBytes' | 'filesMax'>>;

function open(home: string, overrides: Overrides = {}): Promise<ChainedAuditLog> {
  const log = pino({ level: 'silent' });
  return ChainedAuditLog.open({ directory: join(home, 'audit'), clock: new FakeClock(), log, ...overrides });
}

/** The real files, each changed as it is opened. */
function filesWhose(change: (handle: nodeFiles.FileHandle, path: string) => void): NonNullable<AuditLogOptions['files']> {
  return {
    rm: nodeFiles.rm,
    open: async (path, ...given) => {
      const handle = await nodeFiles.open(path, ...given);
      change(handle, String(path));
      return handle;
    },
  };
}

/** Opens, appends that many numbered entries, closes. */
async function write(home: string, count: number, overrides: Overrides = {}): Promise<void> {
  const audit = await open(home, overrides);
  for (let number = 0; number < count; number += 1) {
    await audit.append({ event: 'test.entry', principal: 'operator', fields: { number } });
  }
  await audit.close();
}

async function verdict(home: string, overrides: Overrides = {}) {
  const audit = await open(home, overrides);
  const found = await audit.verify();
  await audit.close();
  return found;
}

const failure = (code: string) => Object.assign(new Error(code), { code });
const first = (home: string) => join(home, 'audit', 'audit-000000000000.jsonl');

describe('the audit log (requirement A1)', () => {
  it('requirement A1: is the owner’s alone, and goes on where it ended', async () => {
    await inTemporaryDirectory(async (home) => {
      await write(home, 3);
      await write(home, 2);
      expect(await verdict(home)).toEqual({ ok: true, entries: 5, firstSeq: 0, faults: [] });
      expect((await stat(join(home, 'audit'))).mode & 0o777).toBe(0o700);
      for (const name of await readdir(join(home, 'audit'))) expect((await stat(join(home, 'audit', name))).mode & 0o777).toBe(0o600);
    });
  });

  it('requirement A1: entries that come at once are all written, in order', async () => {
    await inTemporaryDirectory(async (home) => {
      const audit = await open(home);
      const many = Array.from({ length: 200 }, (_, number) => audit.append({ event: 'test.entry', principal: 'host', fields: { number } }));
      await Promise.all(many);
      const entries = await audit.read({ limit: 200 });
      expect(entries.map((entry) => entry.fields?.['number'])).toEqual(Array.from({ length: 200 }, (_, index) => 199 - index));
      expect((await audit.verify()).ok).toBe(true);
      await audit.close();
    });
  });

  it('requirement A1: is read in pages, the newest first, and by event', async () => {
    await inTemporaryDirectory(async (home) => {
      await write(home, 5, { fileBytes: 400 });
      const audit = await open(home);
      await audit.append({ event: 'other.entry', principal: 'host' });
      const numbers = async (options: { limit: number; before?: number; event?: string }) =>
        (await audit.read(options)).map(({ seq }) => seq);
      expect(await numbers({ limit: 2 })).toEqual([5, 4]);
      expect(await numbers({ limit: 2, before: 4 })).toEqual([3, 2]);
      expect(await numbers({ limit: 9, event: 'test.entry' })).toEqual([4, 3, 2, 1, 0]);
      expect(await numbers({ limit: 0 })).toEqual([5]);
      await audit.close();
    });
  });

  it('requirement A1: a changed entry is found and named', async () => {
    await inTemporaryDirectory(async (home) => {
      await write(home, 5);
      const text = await readFile(first(home), 'utf8');
      await writeFile(first(home), text.replace('"number":2', '"number":7'));
      const found = await verdict(home);
      expect(found.faults).toMatchObject([{ kind: 'changed', seq: 2, file: 'audit-000000000000.jsonl', line: 3 }]);
    });
  });

  it('requirement A1: survives a line that was torn, says so, and takes it for no fault', async () => {
    await inTemporaryDirectory(async (home) => {
      await write(home, 2);
      await appendFile(first(home), '{"event":"te');
      const audit = await open(home);
      expect(await audit.verify()).toMatchObject({ ok: true, entries: 3 });
      expect((await audit.read({ limit: 1 }))[0]).toMatchObject({ event: 'audit.torn-line', fields: { bytes: 12 } });
      await audit.close();
    });
  });

  it('requirement A1: a tail that was cut off stays missing, also after more was written', async () => {
    await inTemporaryDirectory(async (home) => {
      await write(home, 5);
      const lines = (await readFile(first(home), 'utf8')).split('\n');
      await writeFile(first(home), `${lines.slice(0, 3).join('\n')}\n`);
      expect((await verdict(home)).faults).toMatchObject([{ kind: 'missing', seq: 3, file: 'head' }]);
      await write(home, 2);
      expect((await verdict(home)).faults).toMatchObject([{ kind: 'missing', seq: 3 }]);
    });
  });

  it('requirement A1: a host that died between the entry and its confirmation is no fault', async () => {
    await inTemporaryDirectory(async (home) => {
      await write(home, 2);
      const head = await readFile(join(home, 'audit', 'head'));
      await write(home, 1);
      await writeFile(join(home, 'audit', 'head'), head);
      expect((await verdict(home)).ok).toBe(true);
      await rm(join(home, 'audit', 'head'));
      await write(home, 1);
      expect(await verdict(home)).toMatchObject({ ok: true, entries: 4 });
    });
  });

  it('requirement A1: rotation keeps the chain, and tells what it dropped', async () => {
    await inTemporaryDirectory(async (home) => {
      const small = { fileBytes: 600, filesMax: 3 };
      await write(home, 20, small);
      const names = await readdir(join(home, 'audit'));
      expect(names.filter((name) => name.endsWith('.jsonl'))).toHaveLength(3);
      const found = await verdict(home, small);
      expect(found.faults).toEqual([]);
      expect(found.firstSeq).toBeGreaterThan(0);
    });
  });

  it('requirement A1: a file that is gone is missed', async () => {
    await inTemporaryDirectory(async (home) => {
      await write(home, 9, { fileBytes: 600 });
      const [, second] = (await readdir(join(home, 'audit'))).sort();
      await rm(join(home, 'audit', second ?? ''));
      expect((await verdict(home)).faults).toMatchObject([{ kind: 'missing' }]);
    });
  });

  it('requirement A1: what a full disk swallowed is told by the console and by the next entry', async () => {
    await inTemporaryDirectory(async (home) => {
      let full = true;
      const files = filesWhose((handle) => {
        const sync = handle.datasync.bind(handle);
        handle.datasync = () => (full ? Promise.reject(failure('ENOSPC')) : sync());
      });
      const audit = await open(home, { files });
      await audit.append({ event: 'test.entry', principal: 'host' });
      await audit.append({ event: 'test.entry', principal: 'host' });
      expect(audit.problem()).toMatchObject({ code: 'store.write-failed', message: containing('ENOSPC') });
      full = false;
      await audit.append({ event: 'test.entry', principal: 'host' });
      expect(audit.problem()).toBeUndefined();
      expect((await audit.read({ limit: 9 })).map(({ event, fields }) => [event, fields])).toEqual([
        ['test.entry', undefined],
        ['audit.lost', { count: 2 }],
      ]);
      expect((await audit.verify()).ok).toBe(true);
      await audit.close();
    });
  });

  it('requirement A1: entries that are on disk are never counted as lost, also where the end of the chain can’t be confirmed', async () => {
    await inTemporaryDirectory(async (home) => {
      let isBroken = true;
      const files = filesWhose((handle, path) => {
        const write = handle.write.bind(handle);
        const failing = (...what: Parameters<typeof write>) => (isBroken ? Promise.reject(failure('EIO')) : write(...what));
        if (path.endsWith('head')) Object.assign(handle, { write: failing });
      });
      const audit = await open(home, { files });
      for (let entry = 0; entry < 3; entry += 1) await audit.append({ event: 'test.entry', principal: 'host' });
      expect(audit.problem()).toMatchObject({ code: 'store.write-failed', message: containing('not where it ends') });
      isBroken = false;
      await audit.append({ event: 'test.entry', principal: 'host' });
      expect(audit.problem()).toBeUndefined();
      expect((await audit.read({ limit: 9 })).map(({ event }) => event)).toEqual(Array(4).fill('test.entry'));
      expect(await audit.verify()).toMatchObject({ ok: true, entries: 4 });
      await audit.close();
    });
  });

  it('requirement A1: a file that can’t be dropped loses no entry, and is told', async () => {
    await inTemporaryDirectory(async (home) => {
      const small = { fileBytes: 600, filesMax: 2 };
      const audit = await open(home, { ...small, files: { open: nodeFiles.open, rm: () => Promise.reject(failure('EACCES')) } });
      for (let entry = 0; entry < 12; entry += 1) await audit.append({ event: 'test.entry', principal: 'host' });
      expect(audit.problem()).toMatchObject({ code: 'store.write-failed', message: containing("oldest entries can't be dropped") });
      await audit.close();
      await write(home, 1, small);
      const events = async (event: string) => {
        const again = await open(home, small);
        const found = await again.read({ limit: 99, event });
        await again.close();
        return found.length;
      };
      expect([await events('audit.lost'), (await verdict(home, small)).faults]).toEqual([0, []]);
    });
  });

  it('requirement A1: of an entry that a nearly full disk took a part of, nothing stays', async () => {
    await inTemporaryDirectory(async (home) => {
      let room = 700;
      const files = filesWhose((handle, path) => {
        if (!path.endsWith('.jsonl')) return;
        const write = handle.write.bind(handle);
        const limited = async (bytes: Uint8Array, offset: number, length: number, position: number) => {
          const taken = Math.min(length, Math.max(room - position, 0));
          if (taken === 0) throw failure('ENOSPC');
          return write(bytes, offset, taken, position);
        };
        Object.assign(handle, { write: limited });
      });
      const audit = await open(home, { files });
      for (let entry = 0; entry < 5; entry += 1) await audit.append({ event: 'test.entry', principal: 'host' });
      expect(audit.problem()).toMatchObject({ code: 'store.write-failed', message: containing('ENOSPC') });
      const kept = (await audit.read({ limit: 9 })).length;
      room = 100_000;
      await audit.append({ event: 'test.entry', principal: 'host' });
      expect((await audit.read({ limit: 9 })).map(({ event, fields }) => [event, fields]).slice(0, 2)).toEqual([
        ['test.entry', undefined],
        ['audit.lost', { count: 5 - kept }],
      ]);
      expect(await audit.verify()).toMatchObject({ ok: true, entries: kept + 2 });
      await audit.close();
    });
  });

  it('requirement A1: entries that a hanging disk can’t take are counted', async () => {
    await inTemporaryDirectory(async (home) => {
      const audit = await open(home);
      const all = Array.from({ length: 3000 }, () => audit.append({ event: 'test.entry', principal: 'host' }));
      await Promise.all(all);
      const [lost] = await audit.read({ limit: 1, event: 'audit.lost' });
      expect(lost?.fields).toEqual({ count: 3000 - 1024 });
      expect((await audit.verify()).ok).toBe(true);
      await audit.close();
    });
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprint } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAPTOP, pairedDevice, TELEVISION } from '../../testing/fake-services.ts';
import { containing, listOf } from '../../testing/matchers.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { PairedDevicesFile, type SaveFile } from './paired-devices.ts';

const laptop = { name: 'Laptop', fingerprint: LAPTOP, paired_unix: 1_800_000_000 };

/** Opens a store over the text given (or over no file), lets `use` change it, and returns what is on disk afterwards. */
function withStore(
  text: string | undefined,
  use: (store: PairedDevicesFile, path: string) => unknown,
  save?: SaveFile,
): Promise<string | undefined> {
  return inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'paired.json');
    if (text !== undefined) await writeFile(path, text);
    await use(await PairedDevicesFile.open(path, save), path);
    return readFile(path, 'utf8').catch(() => undefined);
  });
}

describe('paired.json (requirements P1.1–P1.3)', () => {
  it('P1.1: no file is nobody paired, and reading makes none', async () => {
    const left = await withStore(undefined, (store) => {
      expect([store.list(), store.problem()]).toEqual([[], undefined]);
    });
    expect(left).toBeUndefined();
  });

  it('P1.1: a pairing is written under the names of the schema', async () => {
    const left = await withStore(undefined, (store) => store.add(pairedDevice({ key: 'a2V5' })));
    expect(JSON.parse(left ?? '')).toEqual({ version: 1, clients: [{ ...laptop, key: 'a2V5' }] });
  });

  it('P1.1: what was written is found again, by fingerprint and by key', async () => {
    await withStore(undefined, async (store, path) => {
      await store.add(pairedDevice({ key: 'a2V5' }));
      await store.add(pairedDevice({ fingerprint: TELEVISION, name: 'Television' }));
      const again = await PairedDevicesFile.open(path);
      expect(again.list()).toEqual(store.list());
      expect(again.find(TELEVISION)?.name).toBe('Television');
      expect(again.findByKey('a2V5')?.fingerprint).toBe(LAPTOP);
      expect([again.find(fingerprint('cc'.repeat(32))), again.findByKey('')]).toEqual([undefined, undefined]);
    });
  });

  it.each([{ version: 1 }, { version: 0 }, {}])('P1.3: %j is version 1', async (version) => {
    const left = await withStore(JSON.stringify({ ...version, clients: [] }), (store) => store.add(pairedDevice()));
    expect(JSON.parse(left ?? '')).toEqual({ version: 1, clients: [laptop] });
  });

  it("P1.3: fields that this version doesn't know survive, in the file and in each device", async () => {
    const before = { version: 1, note: ['kept'], clients: [{ ...laptop, colour: 'red', nested: { deep: [1] } }] };
    const left = await withStore(JSON.stringify(before), async (store) => {
      await store.add(pairedDevice({ fingerprint: TELEVISION, name: 'Television' }));
      await store.renew(LAPTOP, fingerprint('cc'.repeat(32)));
    });
    expect(JSON.parse(left ?? '')).toEqual({
      version: 1,
      note: ['kept'],
      clients: [
        { name: 'Television', fingerprint: TELEVISION, paired_unix: 1_800_000_000 },
        { ...laptop, fingerprint: 'cc'.repeat(32), colour: 'red', nested: { deep: [1] } },
      ],
    });
  });

  it('P1.3: a newer version lets its devices in and is not written', async () => {
    const text = JSON.stringify({ version: 2, clients: [laptop] });
    const left = await withStore(text, async (store, path) => {
      expect(store.find(LAPTOP)?.name).toBe('Laptop');
      expect(store.problem()).toMatchObject({ code: 'store.newer-version', message: containing(path) });
      for (const change of [store.add(pairedDevice()), store.remove(LAPTOP), store.renew(LAPTOP, TELEVISION)]) {
        await expect(change).rejects.toMatchObject({ code: 'store.newer-version' });
      }
    });
    expect(left).toBe(text);
  });

  it('P1.5: of two entries for one fingerprint the last wins, in any spelling', async () => {
    const text = JSON.stringify({ clients: [laptop, { ...laptop, fingerprint: LAPTOP.toUpperCase(), name: 'Later' }] });
    await withStore(text, (store) => {
      expect(store.list()).toEqual([pairedDevice({ name: 'Later' })]);
    });
  });

  it('P9.1: pairing a device again replaces its name and its key', async () => {
    const left = await withStore(JSON.stringify({ clients: [{ ...laptop, key: 'b2xk', colour: 'red' }] }), (store) =>
      store.add(pairedDevice({ name: 'New' })),
    );
    expect(listOf(left, 'clients')).toEqual([{ ...laptop, name: 'New', colour: 'red' }]);
  });

  it('P9.1: a renewed certificate takes the place of the old one; an unknown one is not renewed', async () => {
    await withStore(JSON.stringify({ clients: [laptop] }), async (store) => {
      await store.renew(LAPTOP, TELEVISION);
      expect([store.find(LAPTOP), store.find(TELEVISION)?.name]).toEqual([undefined, 'Laptop']);
      await expect(store.renew(LAPTOP, TELEVISION)).rejects.toMatchObject({ code: 'device.not-paired' });
    });
  });

  it('P1.8: a removal is told once it is on disk, and only where there was a device', async () => {
    await withStore(JSON.stringify({ clients: [laptop] }), async (store, path) => {
      const told: string[] = [];
      store.onRemoved((device) => told.push(device));
      expect(await store.remove(TELEVISION)).toBe(false);
      expect(await store.remove(LAPTOP)).toBe(true);
      expect([told, listOf(await readFile(path, 'utf8'), 'clients')]).toEqual([[LAPTOP], []]);
      expect(await store.remove(LAPTOP)).toBe(false);
    });
  });
});

describe('a file that can not be understood', () => {
  it.each([
    ['half written', '{"version": 1, "clients": [{"name": "Lap'],
    ['empty', ''],
    ['no object', '[]'],
    ['without clients', '{"version": 1}'],
    ['a fingerprint that is none', JSON.stringify({ clients: [{ ...laptop, fingerprint: 'a1' }] })],
    ['a device without a name', JSON.stringify({ clients: [{ ...laptop, name: undefined }] })],
    ['a version that is none', JSON.stringify({ version: 'two', clients: [] })],
  ])('P1.2: %s: nobody is paired, nothing is written, the operator is told', async (_name, text) => {
    const left = await withStore(text, async (store, path) => {
      expect(store.list()).toEqual([]);
      expect(store.problem()).toMatchObject({ code: 'store.unreadable', message: containing(path) });
      for (const change of [store.add(pairedDevice()), store.remove(LAPTOP)]) {
        await expect(change).rejects.toMatchObject({ code: 'store.unreadable' });
      }
    });
    expect(left).toBe(text);
  });

  it('P1.2: bytes that are no text are left as they are', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'paired.json');
      const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
      await writeFile(path, bytes);
      const store = await PairedDevicesFile.open(path);
      await expect(store.add(pairedDevice())).rejects.toMatchObject({ code: 'store.unreadable' });
      expect(await readFile(path)).toEqual(bytes);
    });
  });

  it('P1.2: whatever stands in it, it never crashes the host and never changes by reading', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        const left = await withStore(text, (store) => store.list());
        expect(left).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a disk that fails', () => {
  const full: SaveFile = () => Promise.reject(Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' }));

  it('P1.2: a failed save is a failed change, and memory stays as the disk is', async () => {
    const text = JSON.stringify({ clients: [laptop] });
    const left = await withStore(
      text,
      async (store) => {
        const told: string[] = [];
        store.onRemoved((device) => told.push(device));
        await expect(store.add(pairedDevice({ fingerprint: TELEVISION }))).rejects.toMatchObject({
          code: 'store.write-failed',
          message: containing('ENOSPC'),
        });
        await expect(store.remove(LAPTOP)).rejects.toMatchObject({ code: 'store.write-failed' });
        await expect(store.renew(LAPTOP, TELEVISION)).rejects.toMatchObject({ code: 'store.write-failed' });
        expect([store.list(), told]).toEqual([[pairedDevice()], []]);
      },
      full,
    );
    expect(left).toBe(text);
  });

  it('P1.2: the next change after a failed one works', async () => {
    const saved: string[] = [];
    const keep: SaveFile = (_path, contents) => {
      saved.push(contents);
      return Promise.resolve();
    };
    const outcomes = [full, keep];
    await withStore(
      undefined,
      async (store) => {
        const [first, second] = [store.add(pairedDevice()), store.add(pairedDevice({ fingerprint: TELEVISION }))];
        await expect(first).rejects.toMatchObject({ code: 'store.write-failed' });
        await second;
        expect(store.list().map((device) => device.fingerprint)).toEqual([TELEVISION]);
      },
      (path, contents) => (outcomes.shift() ?? full)(path, contents),
    );
    expect(saved).toHaveLength(1);
  });

  it('P1.1: changes at the same time are saved one after the other, and none is lost', async () => {
    let saving = 0;
    const left = await withStore(
      undefined,
      async (store) => {
        const devices = Array.from({ length: 20 }, (_, index) => fingerprint(index.toString(16).padStart(64, '0')));
        await Promise.all(devices.map((device) => store.add(pairedDevice({ fingerprint: device }))));
        await Promise.all(devices.slice(0, 10).map((device) => store.remove(device)));
        expect(store.list().map((device) => device.fingerprint)).toEqual(devices.slice(10));
      },
      async (path, contents) => {
        saving += 1;
        expect(saving).toBe(1);
        await writeFile(path, contents);
        saving -= 1;
      },
    );
    expect(listOf(left, 'clients')).toHaveLength(10);
  });

  it('P1.1: changes that pile up before a disk that hangs are refused, not kept', async () => {
    let release = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    await withStore(
      undefined,
      async (store) => {
        const waiting = Array.from({ length: 64 }, () => store.add(pairedDevice()));
        await expect(store.add(pairedDevice())).rejects.toMatchObject({ code: 'store.write-failed' });
        release();
        await Promise.all(waiting);
      },
      () => hanging,
    );
  });
});

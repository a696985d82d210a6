import * as nodeFiles from 'node:fs/promises';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { createFile, type FileOperations, replaceFile, sweepTemporaries } from './atomic-file.ts';

type Step = 'open' | 'write' | 'sync' | 'rename' | 'link' | 'sync directory';

/** The real file system that fails at one step, as a full or failing disk does; it keeps the order of the steps. */
function failingAt(failing: Step | undefined): { readonly files: FileOperations; readonly steps: Step[] } {
  const steps: Step[] = [];
  const pass = (step: Step): void => {
    steps.push(step);
    if (step === failing) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  const files: FileOperations = {
    rm: nodeFiles.rm,
    async open(path, flags, mode) {
      const isDirectory = flags === 'r';
      if (!isDirectory) pass('open');
      const handle = await nodeFiles.open(path, flags, mode);
      const { sync, writeFile: write } = handle;
      handle.sync = async () => {
        pass(isDirectory ? 'sync directory' : 'sync');
        await sync.call(handle);
      };
      handle.writeFile = async (...args) => {
        // A disk that fills up takes the beginning.
        if (failing === 'write') await handle.write('{"half');
        pass('write');
        await write.call(handle, ...args);
      };
      return handle;
    },
    async rename(from, to) {
      pass('rename');
      await nodeFiles.rename(from, to);
    },
    async link(from, to) {
      pass('link');
      await nodeFiles.link(from, to);
    },
  };
  return { files, steps };
}

describe('replacing a file (requirement P1.1)', () => {
  it('P1.1: data reaches the disk before its name does, and the name before the answer', async () => {
    await inTemporaryDirectory(async (directory) => {
      const { files, steps } = failingAt(undefined);
      await replaceFile(join(directory, 'file'), 'new', files);
      expect(steps).toEqual(['open', 'write', 'sync', 'rename', 'sync directory']);
    });
  });

  it("P1.1: the file is its owner's alone, whatever it was before", async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'file');
      await writeFile(path, 'old', { mode: 0o644 });
      await replaceFile(path, 'new');
      expect(await readFile(path, 'utf8')).toBe('new');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    });
  });

  it.each(['open', 'write', 'sync', 'rename'] as const)(
    'P1.2: a disk that fails at %s leaves the old file and nothing else',
    async (step) => {
      await inTemporaryDirectory(async (directory) => {
        const path = join(directory, 'file');
        await writeFile(path, 'old');
        await expect(replaceFile(path, 'new', failingAt(step).files)).rejects.toMatchObject({ code: 'ENOSPC' });
        expect(await readFile(path, 'utf8')).toBe('old');
        expect(await readdir(directory)).toEqual(['file']);
      });
    },
  );

  it('P1.2: a directory in its place is an error, and stays', async () => {
    await inTemporaryDirectory(async (directory) => {
      await mkdir(join(directory, 'file'));
      await expect(replaceFile(join(directory, 'file'), 'new')).rejects.toMatchObject({ code: 'EISDIR' });
      expect(await readdir(directory)).toEqual(['file']);
    });
  });
});

describe('making a file once', () => {
  it("P1.1: is whole from its first moment, and its owner's alone", async () => {
    await inTemporaryDirectory(async (directory) => {
      const { files, steps } = failingAt(undefined);
      await createFile(join(directory, 'token'), 'secret', files);
      expect(steps).toEqual(['open', 'write', 'sync', 'link', 'sync directory']);
      expect((await stat(join(directory, 'token'))).mode & 0o777).toBe(0o600);
      expect(await readdir(directory)).toEqual(['token']);
    });
  });

  it('P1.1: never replaces what is there', async () => {
    await inTemporaryDirectory(async (directory) => {
      await writeFile(join(directory, 'token'), 'old');
      await expect(createFile(join(directory, 'token'), 'new')).rejects.toMatchObject({ code: 'EEXIST' });
      expect(await readFile(join(directory, 'token'), 'utf8')).toBe('old');
      expect(await readdir(directory)).toEqual(['token']);
    });
  });

  it.each(['open', 'write', 'sync', 'link'] as const)('P1.2: a disk that fails at %s leaves nothing behind', async (step) => {
    await inTemporaryDirectory(async (directory) => {
      await expect(createFile(join(directory, 'token'), 'new', failingAt(step).files)).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(await readdir(directory)).toEqual([]);
    });
  });
});

describe('what a killed host leaves', () => {
  it('P1.1: is swept, and nothing beside it', async () => {
    await inTemporaryDirectory(async (directory) => {
      const kept = ['.hidden', '.paired.json.tmp', 'paired.json', 'x.00112233aabb.tmp'];
      for (const name of [...kept, '.paired.json.00112233aabb.tmp']) await writeFile(join(directory, name), '');
      expect(await sweepTemporaries(directory)).toEqual(['.paired.json.00112233aabb.tmp']);
      expect((await readdir(directory)).sort()).toEqual(kept.sort());
    });
  });
});

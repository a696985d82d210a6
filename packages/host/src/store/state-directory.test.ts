import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containing } from '../../testing/matchers.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { lockStateDirectory } from './host-lock.ts';
import { openStateDirectory } from './state-directory.ts';

describe('the state directory (requirement P1.1)', () => {
  it('P1.1: is made for its owner alone, with what leads to it', async () => {
    await inTemporaryDirectory(async (parent) => {
      const path = join(parent, 'config', 'usher');
      await openStateDirectory(path);
      expect((await stat(path)).mode & 0o777).toBe(0o700);
      await openStateDirectory(path);
    });
  });

  it.each([0o770, 0o707, 0o750, 0o755])('P1.1: one with mode %o is refused with the command that mends it', async (mode) => {
    await inTemporaryDirectory(async (parent) => {
      const path = join(parent, 'usher');
      await mkdir(path);
      await chmod(path, mode);
      await expect(openStateDirectory(path)).rejects.toMatchObject({
        code: 'store.unsafe',
        message: containing(`chmod 700 '${path}'`),
      });
    });
  });

  it.runIf(process.geteuid?.() === 0)('P1.1: one that belongs to somebody else is refused (only root can try)', async () => {
    await inTemporaryDirectory(async (parent) => {
      const path = join(parent, 'usher');
      await mkdir(path, { mode: 0o700 });
      await chown(path, 65_534, 65_534);
      await expect(openStateDirectory(path)).rejects.toMatchObject({
        code: 'store.unsafe',
        message: containing('belongs to uid 65534'),
      });
    });
  });

  it('P1.1: a file in its place is refused', async () => {
    await inTemporaryDirectory(async (parent) => {
      const path = join(parent, 'usher');
      await writeFile(path, '');
      await expect(openStateDirectory(path)).rejects.toMatchObject({ code: 'store.unsafe', message: containing(path) });
    });
  });
});

describe('one host for one state directory', () => {
  it('P1.1: the second is told so, until the first lets go', async () => {
    await inTemporaryDirectory(async (path) => {
      const first = await lockStateDirectory(path);
      await expect(lockStateDirectory(path)).rejects.toMatchObject({
        code: 'host.already-running',
        message: containing(path),
      });
      await first[Symbol.asyncDispose]();
      await (await lockStateDirectory(path))[Symbol.asyncDispose]();
    });
  });

  it('P1.1: two directories have two hosts, and two paths to one directory have one', async () => {
    await inTemporaryDirectory(async (one) => {
      await inTemporaryDirectory(async (other) => {
        const locks = [await lockStateDirectory(one), await lockStateDirectory(other)];
        await expect(lockStateDirectory(join(one, '.'))).rejects.toMatchObject({ code: 'host.already-running' });
        for (const lock of locks) await lock[Symbol.asyncDispose]();
      });
    });
  });
});

import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containing } from '../../testing/matchers.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { openToken } from './token.ts';

describe('the bearer token (requirement P8.1)', () => {
  it('P8.1: the first start makes it, for its owner alone; the next ones read it', async () => {
    await inTemporaryDirectory(async (directory) => {
      const first = await openToken(directory);
      const line = await readFile(join(directory, 'token'), 'utf8');
      const again = await openToken(directory);
      expect([first.created, again.created]).toEqual([true, false]);
      expect(line).toMatch(/^[0-9a-f]{64}\n$/);
      expect((await stat(join(directory, 'token'))).mode & 0o777).toBe(0o600);
      expect([first.token.matches(line.trim()), again.token.matches(line.trim())]).toEqual([true, true]);
    });
  });

  it.each(['', '0', '5e'.repeat(31), '5e'.repeat(33), '5E'.repeat(32), `${'5e'.repeat(32)} `])(
    'P8.1: %j is another token',
    async (candidate) => {
      await inTemporaryDirectory(async (directory) => {
        await writeFile(join(directory, 'token'), '5e'.repeat(32), { mode: 0o600 });
        expect((await openToken(directory)).token.matches(candidate)).toBe(false);
      });
    },
  );

  it.each(['', 'changeme\n', '5e'.repeat(16)])('P1.2: a file that holds none (%j) is refused, and stays', async (text) => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'token');
      await writeFile(path, text, { mode: 0o600 });
      await expect(openToken(directory)).rejects.toMatchObject({ code: 'store.unreadable', message: containing(path) });
      expect(await readFile(path, 'utf8')).toBe(text);
    });
  });

  it('P1.1: a token that others may read is refused with the command that mends it', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'token');
      await writeFile(path, '5e'.repeat(32));
      await chmod(path, 0o640);
      await expect(openToken(directory)).rejects.toMatchObject({
        code: 'store.unsafe',
        message: containing(`chmod 600 '${path}'`),
      });
    });
  });
});

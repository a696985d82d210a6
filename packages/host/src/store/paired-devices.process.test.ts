import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bounded } from '../../testing/host-process.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { sweepTemporaries } from './atomic-file.ts';
import { PairedDevicesFile } from './paired-devices.ts';

const WRITER = fileURLToPath(new URL('../../testing/pairing-writer.ts', import.meta.url));
/** Each kill comes 3.7 ms later after the first save than the one before: a save takes about one, so every step of it is hit. */
const KILLS = 12;
/** Far fewer than a host may know, and paired again from then on: nobody knows how many saves a machine does until it kills. */
const DEVICES = 100;

/** Runs the writer, kills it without warning some moment after its first save, and returns the number of its last save. */
async function writeAndKill(directory: string, afterMs: number): Promise<number> {
  const writer = spawn(process.execPath, ['--conditions=@usher/source', '--import', 'tsx', WRITER, directory, String(DEVICES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  writer.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  const closed = once(writer, 'close');
  await bounded(once(writer.stdout, 'data'), 30_000, "the writer's first save");
  setTimeout(() => writer.kill('SIGKILL'), afterMs);
  await bounded(closed, 30_000, 'the writer to die');
  const whole = said.slice(0, said.lastIndexOf('\n'));
  return Number(whole.split('\n').at(-1));
}

it('P1.1: a host that is killed while it saves loses no device that it had saved', { timeout: 120_000 }, async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'paired.json');
    for (let kill = 0; kill < KILLS; kill += 1) {
      const lastSaved = await writeAndKill(directory, kill * 3.7);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1 });
      await sweepTemporaries(directory);
      expect(await readdir(directory)).toEqual(['paired.json']);
      const store = await PairedDevicesFile.open(path);
      expect(store.problem()).toBeUndefined();
      const newest = Math.max(...store.list().map(({ pairedUnix }) => pairedUnix));
      // One more than was said: saved, and killed before the word.
      expect(newest - lastSaved).toBeOneOf([0, 1]);
      expect(store.list()).toHaveLength(Math.min(newest + 1, DEVICES));
    }
  });
});

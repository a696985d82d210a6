import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Reader } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { bounded } from '../../testing/host-process.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import { sweepTemporaries } from './atomic-file.ts';
import { ProfilesFile } from './profiles-file.ts';

const WRITER = fileURLToPath(new URL('../../testing/programs/profiles-writer.ts', import.meta.url));
const NODE = [process.execPath, '--conditions=@usher/source', '--import', 'tsx', WRITER] as const;
/** A start through tsx on two busy cores. */
const ENDS_WITHIN_MS = 60_000;

/** A disk of one's own needs a mount namespace, which root has and others where the system lets them; tried inside one, so nobody sees it. */
const canMount =
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'usher-test', tmpdir()]).status === 0;

/** Runs a program to its end; undefined where it was killed. */
async function run([program = '', ...args]: readonly string[]): Promise<Reader | undefined> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await bounded(once(child, 'close'), ENDS_WITHIN_MS, 'the writer to end');
  return child.signalCode === 'SIGKILL' ? undefined : Reader.json(said, 'said');
}

/** The writer on a disk of 64 KiB at `directory` that only it sees; `script` runs before it. */
function onSmallDisk(directory: string, script: string, what: string): Promise<Reader | undefined> {
  const mount = `mount -t tmpfs -o size=64k usher-test "$0" && cp "$0.json" "$0/profiles.json" && ${script} && exec "$@"`;
  return run(['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount, directory, ...NODE, directory, what]);
}

/** A directory whose `profiles.json` has one profile. */
async function withOne(use: (directory: string, text: string) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    expect(await run([...NODE, directory, ''])).toBeDefined();
    await use(directory, await readFile(join(directory, 'profiles.json'), 'utf8'));
  });
}

describe('a save of profiles.json that is cut off', { timeout: 120_000 }, () => {
  it.each([
    ['made', 'open', 1],
    ['written', 'write', 1],
    ['on disk', 'sync', 1],
    ['in its place', 'rename', 2],
    ['in its place for good', 'sync-directory', 2],
  ])('P1.1: killed when the new file is %s: the old roster or the new one, and the next host goes on', async (_when, step, profiles) => {
    await withOne(async (directory, before) => {
      expect(await run([...NODE, directory, step])).toBeUndefined();
      const text = await readFile(join(directory, 'profiles.json'), 'utf8');
      if (profiles === 1) expect(text).toBe(before);
      await sweepTemporaries(directory);
      expect(await readdir(directory)).toEqual(['profiles.json']);
      const file = await ProfilesFile.open(join(directory, 'profiles.json'));
      expect([file.problem(), file.roster().profiles.size]).toEqual([undefined, profiles]);
      expect((await run([...NODE, directory, '']))?.integer('after', 0, 9)).toBe(profiles + 1);
    });
  });
});

describe.skipIf(!canMount)('a disk that refuses profiles.json (needs a mount namespace: root, or unprivileged user namespaces)', () => {
  it.each([
    ['that is full', 'true', 'full'],
    ['that is read-only', 'mount -o remount,ro "$0"', ''],
  ])('P1.2: one %s: a failed change that changed nothing, in memory or on disk', { timeout: 120_000 }, async (_disk, script, what) => {
    await withOne(async (directory, before) => {
      await writeFile(`${directory}.json`, before);
      try {
        const said = await onSmallDisk(directory, script, what);
        expect(said?.string('failure')).toBe('store.write-failed');
        expect([said?.integer('before', 0, 9), said?.integer('after', 0, 9)]).toEqual([1, 1]);
        expect(said?.strings('left', 9)).toEqual(['profiles.json']);
        expect(said?.string('text', 100_000)).toBe(before);
      } finally {
        await rm(`${directory}.json`);
      }
    });
  });
});

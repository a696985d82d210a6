import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import { withProfile } from '@usher/domain';
import { isCoded } from '@usher/protocol';
import { id, profile } from '../../../domain/testing/profiles.ts';
import { type FileOperations, replaceFile } from '../../src/store/atomic-file.ts';
import { ProfilesFile } from '../../src/store/profiles-file.ts';

/**
 * Adds a profile to `profiles.json` of a directory and says how that went, as one line of JSON. With a step it kills itself as soon as that
 * step of the save is done; with `full` it fills the disk before.
 */
const [directory = '.', what = ''] = process.argv.slice(2);
const path = join(directory, 'profiles.json');

const file = await ProfilesFile.open(path, (to, contents) => replaceFile(to, contents, dyingAfter(what)));
if (what === 'full') await fillDisk(join(directory, 'filler'));
const before = file.roster().profiles.size;
const failure = await add().catch((error: unknown) => (isCoded(error) ? error.code : String(error)));
const left = (await nodeFiles.readdir(directory)).filter((name) => name !== 'filler').sort();
const text = await nodeFiles.readFile(path, 'utf8');
process.stdout.write(`${JSON.stringify({ failure, before, after: file.roster().profiles.size, left, text })}\n`);

async function add(): Promise<string> {
  await file.change((roster) =>
    withProfile(
      roster,
      profile({ id: id(roster.profiles.size + 1), display_name: `Profile ${roster.profiles.size + 1}`, os_account: { kind: 'operator' } }),
    ),
  );
  return '';
}

/** The file system, with a death of its own in it. */
function dyingAfter(step: string): FileOperations {
  const die = (done: string): void => {
    if (step === done) process.kill(process.pid, 'SIGKILL');
  };
  return {
    open: async (opened, flags, mode) => {
      const handle = await nodeFiles.open(opened, flags, mode);
      const isDirectory = flags === 'r';
      const [writeFile, sync] = [handle.writeFile.bind(handle), handle.sync.bind(handle)];
      if (!isDirectory) die('open');
      handle.writeFile = async (...args) => {
        await writeFile(...args);
        die('write');
      };
      handle.sync = async () => {
        await sync();
        die(isDirectory ? 'sync-directory' : 'sync');
      };
      return handle;
    },
    rename: async (from, to) => {
      await nodeFiles.rename(from, to);
      die('rename');
    },
    link: nodeFiles.link,
    rm: nodeFiles.rm,
  };
}

/** Until not a single byte fits any more. */
async function fillDisk(filler: string): Promise<void> {
  const handle = await nodeFiles.open(filler, 'w');
  try {
    for (let size = 1 << 16; size >= 1; ) {
      const fits = await handle.write(Buffer.alloc(size)).then(
        ({ bytesWritten }) => bytesWritten === size,
        () => false, // no space left: try with less
      );
      if (!fits) size >>= 1;
    }
  } finally {
    await handle.close();
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CodedError, Reader } from '@usher/sdk/node';
import { attempt, DEEDS_MAX, type Deed, type Outcome, readDeed, readOutcome } from './deed.ts';
import type { Account } from './machine-sessions.ts';

/** A hidden option of `usher doctor`: deeds come by standard input and outcomes go out, so that another account can do them. */
export const DEEDS_OPTION = '--deeds';
/** Most deeds take a millisecond. A display that doesn't answer takes five seconds, and each account asks it twice: room for a dozen of them. */
const DONE_WITHIN_MS = 120_000;
/** Deeds and outcomes as JSON. */
const TEXT_MAX = 4 * 1024 * 1024;

/** Does deeds as somebody. Rejects with `store.unreadable` where that account can't even start this program. */
export type TryAs = (account: Account, deeds: readonly Deed[]) => Promise<readonly Outcome[]>;

/** As whoever runs this. */
export async function tryHere(deeds: readonly Deed[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const deed of deeds) outcomes.push(await attempt(deed)); // one after the other: deeds must not fill each other's queues
  return outcomes;
}

/** As another account, with its groups: only root can. `self` is this program's file. */
export function tryAsRoot(self: string): TryAs {
  return async ({ uid, gid }, deeds) => {
    const as = [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--inh-caps=-all', '--no-new-privs', '--'];
    const child = spawn('setpriv', [...as, process.execPath, ...process.execArgv, self, 'doctor', DEEDS_OPTION], {
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: DONE_WITHIN_MS,
      killSignal: 'SIGKILL',
    });
    child.stdin.on('error', () => undefined); // one that couldn't start says so by its end
    child.stdin.end(JSON.stringify({ deeds }));
    const [text] = await Promise.all([textOf(child.stdout), once(child, 'close').catch(() => undefined)]);
    try {
      const outcomes = Reader.json(text, 'outcomes').list('outcomes', DEEDS_MAX, readOutcome);
      if (outcomes.length === deeds.length) return outcomes;
    } catch (error) {
      throw new CodedError('store.unreadable', `the account with uid ${uid} can't run ${self}, so nothing was tried as it`, {
        cause: error,
      });
    }
    throw new CodedError('store.unreadable', `the account with uid ${uid} didn't try everything`);
  };
}

/** The other side of {@link tryAsRoot}: one line in, one out. */
export async function doDeeds(input: AsyncIterable<string | Uint8Array>): Promise<string> {
  const deeds = Reader.json(await textOf(input), 'deeds').list('deeds', DEEDS_MAX, readDeed);
  return JSON.stringify({ outcomes: await tryHere(deeds) });
}

async function textOf(stream: AsyncIterable<string | Uint8Array>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > TEXT_MAX) throw new CodedError('frame.oversized', `more than ${TEXT_MAX} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

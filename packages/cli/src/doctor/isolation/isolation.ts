import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError } from '@usher/sdk/node';
import type { Answer } from '../../answer.ts';
import { ExitCode } from '../../exit-codes.ts';
import { tryAsRoot, tryHere } from './as-account.ts';
import { furnitureOf } from './furniture.ts';
import { type Account, machineSessions } from './machine-sessions.ts';
import { type Cell, MACHINE, proveIsolation } from './proof.ts';

/** Whoever has no session, no group and no business here. */
const STRANGER: Account = { uid: 65_534, gid: 65_534 };

/**
 * The isolation proof on this machine as it is (requirement P6.3): as root, every account that has a desktop open, the host's and a stranger's try
 * to reach every desktop; as anybody else, the caller tries. Nothing is changed by it.
 */
export async function provenIsolation(self: string, uid: number): Promise<Answer> {
  if (process.platform !== 'linux') throw new CodedError('config.invalid', 'only a host on Linux has accounts that can be kept apart');
  const machine = await machineSessions();
  const everybody = distinct([...machine.sessions, ...(machine.host === undefined ? [] : [machine.host]), STRANGER]);
  const attackers = uid === 0 ? everybody.filter((account) => account.uid !== 0) : [{ uid, gid: process.getgid?.() ?? uid }];
  const [names, groups] = await Promise.all([namesOf('passwd'), namesOf('group')]);
  const furniture = await furnitureOf(
    machine.sessions.map((session) => session.uid),
    (gid) => groups.get(gid) ?? String(gid),
  );
  const nameOf = (of: number) => names.get(of) ?? String(of);
  const tryAs = uid === 0 ? tryAsRoot(self) : (_account: Account, deeds: Parameters<typeof tryHere>[0]) => tryHere(deeds);
  const cells = await proveIsolation({ machine, furniture, attackers, nameOf, tryAs });
  return answerOf(cells, { sessions: machine.sessions.map((session) => nameOf(session.uid)), isRoot: uid === 0 });
}

/** Ends with 1 where a way leads in, and with 7 where nothing is proved: nobody else's desktop is open, or one gave no answer. */
export function answerOf(
  cells: readonly Cell[],
  { sessions, isRoot }: { readonly sessions: readonly string[]; readonly isRoot: boolean },
): Answer {
  const verdict = verdictOn(cells);
  return {
    json: { ok: verdict === 'closed', complete: isRoot, sessions, cells },
    text: [
      `Desktops that are open: ${sessions.length === 0 ? 'none' : sessions.join(', ')}`,
      ...cells.flatMap(linesOf),
      '',
      ...(isRoot ? [] : ['Only this account tried, and only what it could see. Everybody tries with: sudo usher doctor --isolation']),
      VERDICTS[verdict].text,
    ].join('\n'),
    exitCode: VERDICTS[verdict].exitCode,
  };
}

const VERDICTS = {
  open: { text: 'Somebody gets where they should not.', exitCode: ExitCode.Failed },
  shut: { text: 'Somebody does not even get to what is their own: then closed doors prove nothing.', exitCode: ExitCode.Failed },
  empty: {
    text: 'Nobody else’s desktop is open, so that nothing is proved. Open one, and run it again.',
    exitCode: ExitCode.Unavailable,
  },
  unanswered: {
    text: 'A display gave no answer, so that nothing is proved of it. Run it again; one that never answers is stopped, or busy.',
    exitCode: ExitCode.Unavailable,
  },
  closed: { text: 'Nobody gets into anybody else’s session.', exitCode: ExitCode.Done },
} as const;

function verdictOn(cells: readonly Cell[]): keyof typeof VERDICTS {
  const wrong = cells.filter((cell) => cell.wrong.length > 0);
  if (wrong.some(({ from, to }) => from !== to)) return 'open';
  if (wrong.length > 0) return 'shut';
  if (!cells.some(({ from, to }) => from !== to && to !== MACHINE)) return 'empty';
  return cells.some(({ unanswered }) => unanswered.length > 0) ? 'unanswered' : 'closed';
}

function linesOf({ from, to, tried, wrong, unanswered }: Cell): readonly string[] {
  const pair = `${from} → ${from === to ? 'itself' : to}`.padEnd(26);
  if (wrong.length + unanswered.length === 0)
    return [`ok    ${pair} ${from === to ? 'what is its own works' : 'none leads there'}, ${tried} tried`];
  const open = wrong.flatMap(({ way, word, mend }) => {
    const what = from === to ? `can't ${way} (${word}), so that trying proves nothing` : `can ${way} (${word})`;
    return [`OPEN  ${pair} ${what}`, ...(mend === undefined ? [] : [`      mend: ${mend}`])];
  });
  return [...open, ...unanswered.map(({ way, word }) => `?     ${pair} no answer to: ${way} (${word})`)];
}

function distinct(accounts: readonly Account[]): readonly Account[] {
  return accounts.filter(({ uid }, index) => accounts.findIndex((other) => other.uid === uid) === index);
}

/** Names by number, those of directory services too. */
async function namesOf(database: 'passwd' | 'group'): Promise<ReadonlyMap<number, string>> {
  const { stdout } = await promisify(execFile)('getent', [database], { timeout: 10_000, maxBuffer: 16 * 1024 * 1024 });
  const rows = stdout.split('\n').map((line) => line.split(':'));
  return new Map(rows.map(([name = '', , number]) => [Number(number), name]));
}

import { describe, expect, it } from 'vitest';
import type { Furniture } from './attempts.ts';
import type { Deed, Outcome } from './deed.ts';
import { answerOf } from './isolation.ts';
import type { Account, OpenSession } from './machine-sessions.ts';
import { proveIsolation } from './proof.ts';

const NAMES = new Map([
  [990, 'usher'],
  [1001, 'kid'],
  [1002, 'zoe'],
]);
const HOST = { uid: 990, gid: 990, home: '/var/lib/usher' };
const FURNITURE: Furniture = {
  devices: [{ path: '/dev/input/event0', mode: 0o660, group: 'input' }],
  shared: new Map([[1001, ['/dev/shm/kids']]]),
  brokerSocket: true,
  brokerState: true,
};

function session(uid: number): OpenSession {
  const [worker, display] = [uid * 10, uid - 990];
  return {
    ...{ uid, gid: uid, worker, isSandboxed: false },
    program: { pid: worker + 1, display: `:${display}`, cookieFile: `/run/user/${uid}/cookie` },
    listeners: [`/tmp/.X11-unix/X${display}`, `/run/user/${uid}/bus`].map((path) => ({ path, pid: worker })),
  };
}

/** Everybody reaches what is their own, and what `open` says; `silent` gives nobody else an answer. */
function machine(open: (uid: number, deed: Deed) => boolean = () => false, silent?: string) {
  const tried: string[] = [];
  const tryAs = async ({ uid }: Account, deeds: readonly Deed[]): Promise<readonly Outcome[]> =>
    deeds.map((deed) => {
      tried.push(`${NAMES.get(uid)} ${JSON.stringify(deed)}`);
      const text = JSON.stringify(deed);
      const isOwn =
        deed.kind === 'look'
          ? text.includes(`"cookieFile":"/run/user/${uid}`) && text.includes(`X${uid - 990}"`)
          : new RegExp(`/run/user/${uid}|/proc/${uid}`).test(text);
      if (isOwn || open(uid, deed)) return { result: 'reached', word: 'done' };
      return silent !== undefined && text.includes(silent)
        ? { result: 'unanswered', word: 'ETIMEDOUT' }
        : { result: 'refused', word: 'EACCES' };
    });
  const proof = proveIsolation({
    ...{ machine: { sessions: [session(1001), session(1002)], host: HOST }, furniture: FURNITURE, tryAs },
    ...{ attackers: [1001, 1002, 990].map((uid) => ({ uid, gid: uid })), nameOf: (uid: number) => NAMES.get(uid) ?? '' },
  });
  return { proof, tried };
}

const about = { sessions: ['kid', 'zoe'], isRoot: true };

describe('the isolation proof', () => {
  it('P6.3: everybody tries at everybody else, at the machine, and what is their own; nobody gets in', async () => {
    const { proof, tried } = machine();
    const cells = await proof;
    expect(cells.map(({ from, to }) => `${from} ${to}`)).toEqual([
      ...['kid kid', 'kid zoe', 'kid the machine', 'zoe zoe', 'zoe kid', 'zoe the machine', 'usher kid', 'usher zoe'],
    ]);
    expect(cells.flatMap(({ wrong }) => wrong)).toEqual([]);
    const { text, exitCode } = answerOf(cells, about);
    expect([exitCode, text]).toEqual([0, expect.stringContaining('Nobody gets into anybody else’s session.')]);
    for (const deed of [
      'kid {"kind":"look","path":"/tmp/.X11-unix/X12"}',
      'kid {"kind":"look","path":"/tmp/.X11-unix/X12","cookieFile":"/run/user/1001/cookie"}',
      'kid {"kind":"connect","path":"/run/user/1002/bus"}',
      'kid {"kind":"read","path":"/proc/10020/mem"}',
      'kid {"kind":"read","path":"/var/lib/usher/token"}',
      'zoe {"kind":"read","path":"/dev/shm/kids"}',
      'zoe {"kind":"use","path":"/dev/input/event0"}',
      'usher {"kind":"signal","pid":10011}',
    ]) {
      expect(tried).toContain(deed);
    }
    expect(tried.filter((deed) => deed.startsWith('usher') && deed.includes('broker'))).toEqual([]);
  });

  it.each([
    ['a display', '/tmp/.X11-unix/X11"}', 1002, 'sudo kill 10010'],
    ['a socket', '/run/user/1001/bus', 1002, "sudo chmod go-rwx '/run/user/1001/bus'"],
    ['a runtime directory', '"/run/user/1001"', 990, 'sudo chmod 700 /run/user/1001'],
    ['a keyboard', '/dev/input/event0', 1002, 'sudo gpasswd --delete zoe input'],
    ['the token', '/token', 1001, "sudo chmod 700 '/var/lib/usher'"],
  ])('P6.3: %s that is open is found, with what mends it', async (_what, place, uid, mend) => {
    const cells = await machine((who, deed) => who === uid && JSON.stringify(deed).includes(place)).proof;
    expect(cells.flatMap(({ wrong }) => wrong.map((one) => one.mend))).toEqual([mend]);
    const { text, exitCode } = answerOf(cells, about);
    expect([exitCode, text]).toEqual([1, expect.stringContaining(`mend: ${mend}`)]);
  });

  it('P6.3: says so where even one’s own can’t be reached: then a closed door proves nothing', async () => {
    const cells = [{ from: 'kid', to: 'kid', tried: 4, wrong: [{ way: 'see its own display', word: 'ECONNREFUSED' }], unanswered: [] }];
    expect(answerOf(cells, about)).toMatchObject({ exitCode: 1, text: expect.stringContaining('closed doors prove nothing') as string });
  });

  it('P6.3: isn’t one of a display that gives no answer, which is said; a way that leads in weighs more', async () => {
    const isBus = (uid: number, deed: Deed) => uid === 1002 && JSON.stringify(deed).includes('/run/user/1001/bus');
    const [stopped, open] = await Promise.all([machine(undefined, 'X11"').proof, machine(isBus, 'X11"').proof]);
    const line = '?     zoe → kid                  no answer to: see and type on /tmp/.X11-unix/X11 without a cookie (ETIMEDOUT)';
    expect(answerOf(stopped, about)).toMatchObject({ exitCode: 7, json: { ok: false }, text: expect.stringContaining(line) as string });
    expect(answerOf(stopped, about).text).toContain('nothing is proved of it');
    expect(answerOf(open, about)).toMatchObject({ exitCode: 1, text: expect.stringContaining('gets where they should not') as string });
  });

  it('P6.3: isn’t one while nobody else’s desktop is open', () => {
    const cells = [{ from: 'nobody', to: 'the machine', tried: 3, wrong: [], unanswered: [] }];
    expect(answerOf(cells, { sessions: [], isRoot: true })).toMatchObject({ exitCode: 7, json: { ok: false } });
  });
});

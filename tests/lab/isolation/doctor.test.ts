import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { desktopOf } from './desktop-of.ts';
import { UsherMachine } from './usher-machine.ts';
import { Visitors } from './visitors.ts';

const PEOPLE = ['kid', 'zoe'] as const;
/** Who tries: both people, the host's own account, and somebody without any business here. */
const EVERYBODY = [...PEOPLE, 'usher', 'nobody'] as const;
/** Of the kernel's own number for it: whether one is behind is looked at after who may open it. */
const MICROPHONE = '/dev/snd/pcmC0D0c';
const OPEN_MICROPHONE = `mkdir -p /dev/snd; test -e ${MICROPHONE} || mknod ${MICROPHONE} c 116 24; chmod 660 ${MICROPHONE}; chown root:audio ${MICROPHONE}; usermod -aG audio kid`;
/** A server of kid's own that asks nobody for a cookie. */
const OPEN_DISPLAY = 'Xvfb :50 -ac -screen 0 320x200x24 >/dev/null 2>&1 & until test -S /tmp/.X11-unix/X50; do sleep 0.1; done';

let machine: UsherMachine;
let visitors: Visitors;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  visitors = await Visitors.ofPeople(machine, PEOPLE);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

/** A display that was stopped has to catch up. */
const APPEARS_MS = 60_000;

interface Finding {
  readonly from: string;
  readonly to: string;
  readonly way: string;
  readonly mend: string;
}

async function usher(args: readonly string[], user?: string) {
  const { status, stdout, stderr } = await machine.container.run(['usher', ...args, '--json'], user === undefined ? {} : { user });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`no answer: ${stdout}${stderr}`);
  return { status, answer: Reader.json(line, 'usher') };
}

async function examine(user?: string) {
  const { status, answer } = await usher(['doctor', '--isolation'], user);
  const cells = answer.list('cells', 100, (cell) => ({
    from: cell.string('from'),
    to: cell.string('to'),
    tried: cell.integer('tried', 0, 10_000),
  }));
  const findings = answer.list('cells', 100, (cell) =>
    cell.list('wrong', 1000, (wrong): Finding => {
      return { from: cell.string('from'), to: cell.string('to'), way: wrong.string('way'), mend: wrong.optionalString('mend') ?? '' };
    }),
  );
  return { status, answer, cells, findings: findings.flat() };
}

/** A mend as it is told, by root: `sudo` is what others write in front. */
async function carryOut(mend: string): Promise<void> {
  await machine.container.must(['sh', '-c', mend.replace(/^sudo /, '')]);
}

describe('usher doctor --isolation', () => {
  it('P6.3: says that nothing is proved while nobody’s desktop is open', async () => {
    await machine.container.must(['systemctl', 'restart', 'usher-host.service']);
    await visitors.hostIsReady();
    const { status, answer, findings } = await examine();
    expect([status, answer.boolean('ok'), findings]).toEqual([7, false, []]);
  });

  it('P6.3: has everybody try everything at everybody, and nobody gets anywhere', async () => {
    for (const name of PEOPLE) visitors.stay(name);
    for (const name of PEOPLE) await desktopOf(machine.container, name);
    const { status, answer, cells, findings } = await examine();
    expect(findings).toEqual([]);
    expect([status, answer.boolean('ok'), answer.boolean('complete')]).toEqual([0, true, true]);
    for (const to of PEOPLE) {
      for (const from of EVERYBODY.filter((name) => name !== to)) {
        expect(cells.find((cell) => cell.from === from && cell.to === to)?.tried, `${from} at ${to}`).toBeGreaterThan(20);
      }
      expect(cells.find((cell) => cell.from === to && cell.to === to)?.tried, `${to}’s own`).toBe(4);
    }
    console.log((await machine.container.must(['usher', 'doctor', '--isolation'])).trim());
  });

  it.each([
    ['a runtime directory', (uid: string) => ['chmod', '755', `/run/user/${uid}`], 'open /run/user/', 3],
    [
      'a display',
      () => ['setpriv', '--reuid=kid', '--regid=kid', '--init-groups', 'sh', '-c', OPEN_DISPLAY],
      'see and type on /tmp/.X11-unix/X50',
      3,
    ],
    ['a file', (uid: string) => ['sh', '-c', 'echo secret > /dev/shm/left && chown "$0" /dev/shm/left', uid], 'read /dev/shm/left', 3],
    ['a microphone', () => ['sh', '-c', OPEN_MICROPHONE], `use ${MICROPHONE}`, 1],
  ] as const)('P6.3: finds %s that lies open, and its mend mends it', async (_what, open, way, attackers) => {
    const { uid } = await desktopOf(machine.container, 'kid');
    await machine.container.must(open(String(uid)));
    const { status, findings } = await examine();
    const found = findings.filter((finding) => finding.way.startsWith(way));
    expect([status, new Set(found.map(({ from }) => from)).size], JSON.stringify(findings)).toEqual([1, attackers]);
    for (const mend of new Set(findings.map((finding) => finding.mend))) await carryOut(mend);
    await eventually('everything is mended', async () => (await examine()).findings.length === 0 || undefined);
  });

  it('P6.3: says of a display that is stopped that nothing is proved of it', async () => {
    const { container } = machine;
    const stopped = ['pkill', '--uid', 'kid', '--exact', 'Xvfb', '--signal'];
    await container.must([...stopped, 'STOP']);
    const { status, answer, findings } = await examine();
    const silent = answer.list('cells', 100, (cell) =>
      cell.list('unanswered', 100, (one) => `${cell.string('from')} ${one.string('way').replace(/ on .*X\d+/, '')}`),
    );
    await container.must([...stopped, 'CONT']);
    expect([status, answer.boolean('ok'), findings]).toEqual([7, false, []]);
    expect(silent.flat()).toEqual(
      expect.arrayContaining(['kid see its own display', 'zoe see and type with its own cookie', 'nobody see and type without a cookie']),
    );
    await eventually('it answers again', async () => (await examine()).status === 0 || undefined, APPEARS_MS);
  });

  it('P6.3: tells whoever isn’t root what that account alone could do', async () => {
    const { status, answer, cells } = await examine('kid');
    expect([status, answer.boolean('complete'), new Set(cells.map(({ from }) => from))]).toEqual([0, false, new Set(['kid'])]);
    expect(cells.find(({ to }) => to === 'zoe')?.tried).toBeGreaterThan(10);
  });
});

describe('usher audit verify --broker', () => {
  it('A2: root reads the chain of the broker, which knows of both people', async () => {
    const { status, answer } = await usher(['audit', 'verify', '--broker']);
    expect([status, answer.boolean('ok')]).toEqual([0, true]);
    expect(answer.integer('entries', 0, 1000)).toBeGreaterThan(3);
  });

  it('A2: the host’s own account can’t, and is told who can', async () => {
    const { status, answer } = await usher(['audit', 'verify', '--broker'], 'usher');
    expect([status, answer.string('code')]).toEqual([1, 'store.unreadable']);
    expect(answer.string('message')).toContain('sudo usher audit verify --broker');
    const both = (await usher(['audit', 'verify', '--home', '/var/lib/usher'], 'usher')).answer;
    expect([both.boolean('ok'), both.object('broker').boolean('ok')]).toEqual([true, false]);
  });

  it('A2: whoever changes a word of it is found out', async () => {
    const file = '/var/lib/usher-broker/audit/audit-000000000000.jsonl';
    await machine.container.must(['sed', '-i', '2s/"unix":1/"unix":2/', file]);
    const { status, answer } = await usher(['audit', 'verify', '--broker']);
    expect([status, answer.list('faults', 100, (fault) => fault.integer('seq', 0, 1000))]).toEqual([1, [1]]);
  });

  it('A1, A2: whoever cuts off its end is found out', async () => {
    const entries = (await usher(['audit', 'verify', '--broker'])).answer.integer('entries', 0, 1000);
    await machine.container.must(['sed', '-i', '$d', '/var/lib/usher-broker/audit/audit-000000000000.jsonl']);
    const { status, answer } = await usher(['audit', 'verify', '--broker']);
    expect([status, answer.list('faults', 100, (fault) => fault.integer('seq', 0, 1000))]).toEqual([1, [1, entries - 1]]);
  });
});

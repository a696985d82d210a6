import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { desktopOf, type OpenDesktop } from './desktop-of.ts';
import { leftoversOf, NOTHING_LEFT } from './leftovers.ts';
import { UsherMachine } from './usher-machine.ts';
import { Visitors } from './visitors.ts';

/** Both are in while one of them makes noise for five seconds; the rest is for a machine that does other things. */
const VISIT_SECONDS = 25;
/** Two seconds (rule B7, measured in kill.test.ts), and time to look at several people on a machine that does other things. */
const GONE_WITHIN_MS = 10_000;
const PEOPLE = ['kid', 'zoe'] as const;

let machine: UsherMachine;
let visitors: Visitors;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  for (const name of PEOPLE) await machine.addPerson(name);
  visitors = await Visitors.around(machine);
  for (const name of PEOPLE) await visitors.settle(name);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

/** A way to reach into a session: works for its person, and for nobody else. */
interface Way {
  readonly to: string;
  readonly by: (victim: OpenDesktop) => readonly string[];
  /** The host's own desktop is in the host's sandbox, where even its account can't reach from outside. */
  readonly needsLogin?: true;
}

const WAYS: readonly Way[] = [
  { to: 'see the screen', by: (victim) => withDisplay(victim, 'xwd', '-root', '-silent', '-out', '/dev/null') },
  { to: 'read what is on it, such as a clipboard’s owner', by: (victim) => withDisplay(victim, 'xprop', '-root') },
  { to: 'type, by XTEST', by: (victim) => withDisplay(victim, 'xdpyinfo', '-ext', 'XTEST') },
  { to: 'read the cookie', by: ({ cookieFile }) => ['cat', cookieFile] },
  { to: 'hear and speak, by the sound server', by: ({ soundServer }) => ['pactl', '--server', soundServer, 'info'] },
  { to: 'hear, by recording', by: ({ soundServer }) => ['timeout', '1', 'parec', '--server', soundServer, '--device', 'desk.monitor'] },
  { to: 'speak, into the microphone', by: ({ soundServer }) => speakInto(soundServer) },
  { to: 'open the runtime directory', by: ({ uid }) => ['ls', `/run/user/${uid}`], needsLogin: true },
  {
    to: 'use the session’s bus',
    by: ({ uid }) => ['busctl', '--user', `--address=unix:path=/run/user/${uid}/bus`, 'list'],
    needsLogin: true,
  },
  { to: 'read the environment of a program', by: ({ program }) => ['cat', `/proc/${program}/environ`], needsLogin: true },
  { to: 'look through a program’s files', by: ({ program }) => ['ls', `/proc/${program}/cwd/`], needsLogin: true },
  { to: 'look at a program’s descriptors', by: ({ program }) => ['ls', `/proc/${program}/fd/`], needsLogin: true },
  { to: 'read a program’s memory map', by: ({ program }) => ['cat', `/proc/${program}/maps`], needsLogin: true },
  { to: 'signal a program', by: ({ program }) => ['kill', '-0', String(program)] },
  { to: 'signal the worker', by: ({ worker }) => ['kill', '-0', String(worker)] },
];

function speakInto(soundServer: string): readonly string[] {
  return ['sh', '-c', 'head -c 19200 /dev/urandom | pacat --playback --raw --server="$0" --device=micsink', soundServer];
}

function withDisplay({ display, cookieFile }: OpenDesktop, ...command: readonly string[]): readonly string[] {
  return ['env', `DISPLAY=${display}`, `XAUTHORITY=${cookieFile}`, ...command];
}

async function worked(command: readonly string[], user: string): Promise<boolean> {
  const { status } = await machine.container.run(command, { user });
  return status === 0 || (command[0] === 'timeout' && status === 124); // recorded until the time was over
}

describe('two people at once', () => {
  it('P6.3, P6.5: see pictures, and noise in one session is silence in the other', async () => {
    const visits = PEOPLE.map((name) => visitors.visit(name, ['--seconds', String(VISIT_SECONDS)]));
    const { soundServer } = await desktopOf(machine.container, 'kid');
    const noise = 'head -c 960000 /dev/urandom | pacat --playback --raw --format=s16le --rate=48000 --channels=2 --server="$0"';
    await machine.container.must(['sh', '-c', noise, soundServer], { user: 'kid' });
    const answers = (await Promise.all(visits)).map(({ answer, errors }) => {
      expect(answer.boolean('ok'), errors).toBe(true);
      return answer;
    });
    const numbers = answers.map((answer) => ({
      frames: answer.object('video').integer('frames', 0, 1e6),
      packets: answer.object('audio').integer('packets', 0, 1e6),
    }));
    const [kid, zoe] = numbers;
    expect(Math.min(...numbers.map(({ frames }) => frames))).toBeGreaterThan(0);
    // Five seconds of noise are 500 packets; silence is one a second.
    expect(kid?.packets).toBeGreaterThan(250);
    expect(zoe?.packets).toBeLessThan(100);
    const figures = answers.map((answer) => answer.object('video').raw('firstFrameMs'));
    console.log(`first pictures of two accounts at once that had never been logged in: ${figures.join(' and ')} ms`);
  });

  it('P6.5: are each in a login session of their own, of class user, and nothing of theirs listens on the network', async () => {
    const { container } = machine;
    for (const name of PEOPLE) {
      const { worker, uid } = await desktopOf(container, name);
      const group = await container.must(['cat', `/proc/${worker}/cgroup`]);
      expect(group).toContain(`user-${uid}.slice`);
      const id = /session-(\w+)\.scope/.exec(group)?.[1] ?? '';
      expect(await container.must(['loginctl', 'show-session', id])).toMatch(/^Class=user$/m);
    }
    const listening = await container.must(['sh', '-c', 'cat /proc/net/tcp /proc/net/tcp6']);
    const uids = listening.split('\n').flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      return fields[3] === LISTENS ? [fields[7]] : [];
    });
    expect(new Set(uids)).toEqual(new Set([(await container.must(['id', '-u', 'usher'])).trim()]));
  });
});

/** TCP's state LISTEN, as /proc/net/tcp writes it. */
const LISTENS = '0A';

describe('the isolation matrix', () => {
  let desktops: ReadonlyMap<string, OpenDesktop>;
  beforeAll(async () => {
    for (const name of PEOPLE) visitors.stay(name);
    const open = ['usher', ...PEOPLE].map(async (name) => [name, await desktopOf(machine.container, name)] as const);
    desktops = new Map(await Promise.all(open));
    expect(new Set([...desktops.values()].map(({ display }) => display)).size).toBe(3);
  });

  function desktop(account: string): OpenDesktop {
    const found = desktops.get(account);
    if (found === undefined) throw new TypeError(`${account} has no desktop`);
    return found;
  }

  describe.each([
    ['kid', 'zoe'],
    ['zoe', 'kid'],
    ['kid', 'usher'],
    // Zone 1 and the operator's own worker are one account.
    ['usher', 'kid'],
    ['usher', 'zoe'],
  ])('P6.3: %s, in the session of %s, can’t', (attacker, victim) => {
    it.each(WAYS)('$to, which its person can', async ({ by, needsLogin }) => {
      const command = by(desktop(victim));
      if (victim !== 'usher' || needsLogin === undefined) expect(await worked(command, victim), 'their own').toBe(true);
      expect(await worked(command, attacker), 'another’s').toBe(false);
    });

    it('see the screen with a cookie of its own', async () => {
      const { cookieFile } = desktop(attacker);
      expect(await worked(withDisplay({ ...desktop(victim), cookieFile }, 'xdpyinfo'), attacker)).toBe(false);
      expect(await worked(withDisplay(desktop(attacker), 'xdpyinfo'), attacker)).toBe(true);
    });

    it('trace its programs', async () => {
      const { status, stderr } = await machine.container.run(['strace', '-p', String(desktop(victim).program)], { user: attacker });
      expect(status).not.toBe(0);
      expect(stderr).toContain('Operation not permitted');
    });

    it('read its shared memory', async () => {
      const script =
        'for file in $(find /dev/shm /run/lock /var/tmp /tmp -user "$0" -type f 2>/dev/null); do cat "$file" >/dev/null && echo "$file"; done';
      expect((await machine.container.run(['sh', '-c', script, victim], { user: attacker })).stdout).toBe('');
    });

    it('take the connection of its worker, or ask the broker', async () => {
      expect(await worked(['ls', `/proc/${desktop(victim).worker}/fd/`], attacker)).toBe(false);
      if (attacker === 'usher') return; // the broker answers the host; what a stranger gets of it is in broker.test.ts
      expect(await worked(['node', '-e', CONNECTS], attacker)).toBe(false);
    });
  });
});

const CONNECTS =
  'require("net").connect("/run/usher-broker/broker.sock").on("connect", () => process.exit(0)).on("error", () => process.exit(1))';

describe('a host that is killed', () => {
  it('P6.7: takes everybody’s desktop along, and when it is there again, so are they', async () => {
    const { container } = machine;
    const uids = await Promise.all(PEOPLE.map(async (name) => (await desktopOf(container, name)).uid));
    await container.must(['systemctl', 'kill', '--signal=KILL', 'usher-host.service']);
    for (const uid of uids) {
      const isOver = async () => JSON.stringify(await leftoversOf(container, uid)) === JSON.stringify(NOTHING_LEFT) || undefined;
      await eventually('nothing to be left', isOver, GONE_WITHIN_MS);
    }
    // The service manager starts it again by itself.
    await visitors.hostIsReady();
    const answers = await Promise.all(PEOPLE.map((name) => visitors.visit(name, ['--seconds', '2'])));
    for (const { answer, errors } of answers) expect(answer.boolean('ok'), errors).toBe(true);
  });
});

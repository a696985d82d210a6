import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktopOf, type OpenDesktop } from './desktop-of.ts';
import { UsherMachine } from './usher-machine.ts';
import { Visitors } from './visitors.ts';

/** How long both are in: as long as everybody needs to try everything at everybody. */
const VISIT_SECONDS = 60;

let machine: UsherMachine;
let visitors: Visitors;
let visits: Promise<Awaited<ReturnType<Visitors['visit']>>[]>;
let desktops: ReadonlyMap<string, OpenDesktop>;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  for (const name of ['kid', 'zoe']) await machine.addPerson(name);
  visitors = await Visitors.around(machine);
  for (const name of ['kid', 'zoe']) await visitors.settle(name);
  visits = Promise.all(['kid', 'zoe'].map((name) => visitors.visit(name, ['--seconds', String(VISIT_SECONDS)])));
  visits.catch(() => undefined); // whoever waits for it hears of it
  desktops = new Map(
    await Promise.all(['kid', 'zoe', 'usher'].map(async (name) => [name, await desktopOf(machine.container, name)] as const)),
  );
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

function desktop(account: string): OpenDesktop {
  const found = desktops.get(account);
  if (found === undefined) throw new TypeError(`${account} has no desktop`);
  return found;
}

async function worked(command: readonly string[], user: string): Promise<boolean> {
  const { status } = await machine.container.run(command, { user });
  return status === 0 || (command[0] === 'timeout' && status === 124); // recorded until the time was over
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

const CONNECTS =
  'require("net").connect("/run/usher-broker/broker.sock").on("connect", () => process.exit(0)).on("error", () => process.exit(1))';

describe('two people at once', () => {
  it('P6.5: each is in a login session of their own, of class user', async () => {
    for (const name of ['kid', 'zoe']) {
      const { worker, uid } = desktop(name);
      const group = await machine.container.must(['cat', `/proc/${worker}/cgroup`]);
      const id = /session-(\w+)\.scope/.exec(group)?.[1] ?? '';
      expect(group).toContain(`user-${uid}.slice`);
      expect(await machine.container.must(['loginctl', 'show-session', id])).toMatch(/^Class=user$/m);
    }
    expect(new Set([...desktops.values()].map(({ display }) => display)).size).toBe(3);
  });

  it('P6.3: nothing of a session listens on the network', async () => {
    const listening = await machine.container.must(['sh', '-c', 'cat /proc/net/tcp /proc/net/tcp6']);
    const uids = listening.split('\n').flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      return fields[3] === '0A' ? [fields[7]] : [];
    });
    expect(new Set(uids)).toEqual(new Set([(await machine.container.must(['id', '-u', 'usher'])).trim()]));
  });

  it('P6.3: a tone in one session is silence in the other, and each saw pictures', async () => {
    const noise = 'head -c 1920000 /dev/urandom | pacat --playback --raw --format=s16le --rate=48000 --channels=2';
    await machine.container.must(['env', `PULSE_SERVER=${desktop('kid').soundServer}`, 'sh', '-c', noise], { user: 'kid' });
    const [kid, zoe] = await visits;
    for (const visit of [kid, zoe]) {
      expect(visit?.answer.boolean('ok'), visit?.errors).toBe(true);
      expect(visit?.answer.object('video').integer('frames', 0, 1e6)).toBeGreaterThan(0);
    }
    // Ten seconds of noise are a thousand packets; silence is one a second.
    expect(kid?.answer.object('audio').integer('packets', 0, 1e6)).toBeGreaterThan(500);
    expect(zoe?.answer.object('audio').integer('packets', 0, 1e6)).toBeLessThan(200);
    const figures = [kid, zoe].map((visit) => visit?.answer.object('video').raw('firstFrameMs'));
    console.log(`first pictures of accounts that had never been logged in: ${figures.join(' and ')} ms`);
  });
});

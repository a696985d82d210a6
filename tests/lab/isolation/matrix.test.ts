import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { desktopOf, type OpenDesktop } from './desktop-of.ts';
import { UsherMachine } from './usher-machine.ts';
import { Visitors } from './visitors.ts';
import { FURNISHED, furnish, hearsSomething, onDisplay, speakInto, typeInto, WAYLAND_SOCKET, WAYS } from './ways.ts';

const PEOPLE = ['kid', 'zoe'] as const;
/** Who has a desktop: both people, and the host's own account, which the operator's worker runs in. */
const EVERYBODY = ['usher', ...PEOPLE] as const;
/** Programs of a desktop on a machine that does other things. */
const APPEARS_MS = 20_000;

let machine: UsherMachine;
let desktops: ReadonlyMap<string, OpenDesktop>;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  for (const name of PEOPLE) await machine.addPerson(name);
  const visitors = await Visitors.around(machine);
  for (const name of PEOPLE) await visitors.settle(name);
  for (const name of PEOPLE) visitors.stay(name);
  const open = EVERYBODY.map(async (name) => [name, await desktopOf(machine.container, name)] as const);
  desktops = new Map(await Promise.all(open));
  expect(new Set([...desktops.values()].map(({ display }) => display)).size).toBe(EVERYBODY.length);
  for (const name of PEOPLE) await settleIn(name);
  for (const name of EVERYBODY) await keepInClipboard(name, `secret of ${name}`);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

function desktop(account: string): OpenDesktop {
  const found = desktops.get(account);
  if (found === undefined) throw new TypeError(`${account} has no desktop`);
  return found;
}

async function worked(command: readonly string[], user: string): Promise<boolean> {
  return (await machine.container.run(command, { user })).status === 0;
}

async function exists(path: string): Promise<true | undefined> {
  return (await machine.container.run(['test', '-e', path])).status === 0 || undefined;
}

/** Has the person's own shell make what others then try to reach. */
async function settleIn(name: string): Promise<void> {
  await machine.container.must(typeInto(desktop(name), furnish(desktop(name))), { user: name });
  await eventually(`${name}’s shell`, () => exists(`/home/${name}/${FURNISHED}`), APPEARS_MS);
  await eventually(`${name}’s compositor`, () => exists(`/run/user/${desktop(name).uid}/${WAYLAND_SOCKET}`), APPEARS_MS);
}

/** By a program that goes on, and answers whoever asks for it. */
async function keepInClipboard(name: string, text: string): Promise<void> {
  const keep = onDisplay(desktop(name), 'sh', '-c', `printf %s "$0" | xclip -selection clipboard >/dev/null 2>&1`, text);
  await machine.container.must(keep, { user: name });
}

describe('the isolation matrix', () => {
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
      expect(await worked(onDisplay({ ...desktop(victim), cookieFile }, 'xdpyinfo'), attacker)).toBe(false);
      expect(await worked(onDisplay(desktop(attacker), 'xdpyinfo'), attacker)).toBe(true);
    });

    it('type: nothing of it arrives, and what its person types after it does', async () => {
      const home = (await machine.container.must(['getent', 'passwd', victim])).split(':')[5] ?? '';
      const line = (who: string) => `touch ${home}/typed-by-${who}-${attacker}`;
      const { cookieFile } = desktop(attacker);
      for (const target of [desktop(victim), { ...desktop(victim), cookieFile }]) {
        expect(await worked(typeInto(target, line('others')), attacker)).toBe(false);
      }
      await machine.container.must(typeInto(desktop(victim), line('owner')), { user: victim });
      await eventually('what the person typed', () => exists(`${home}/typed-by-owner-${attacker}`), APPEARS_MS);
      expect(await exists(`${home}/typed-by-others-${attacker}`)).toBeUndefined();
    });

    it('find in its own clipboard what is in that one', async () => {
      const read = (name: string) =>
        machine.container.must(onDisplay(desktop(name), 'xclip', '-o', '-selection', 'clipboard'), { user: name });
      expect(await read(attacker)).toBe(`secret of ${attacker}`);
      expect(await read(victim)).toBe(`secret of ${victim}`);
    });

    it('hear in its own microphone what is said into that one', async () => {
      // For longer than listening takes, and then cut short.
      const speaking = machine.container.run(speakInto(desktop(victim).soundServer, 60), { user: victim });
      const heard = async (name: string) => (await worked(hearsSomething(desktop(name).soundServer, 'mic'), name)) || undefined;
      await eventually('the person’s own microphone', () => heard(victim), APPEARS_MS);
      expect(await heard(attacker)).toBeUndefined();
      expect(await heard(victim)).toBe(true);
      await machine.container.must(['pkill', '--uid', victim, 'pacat']);
      await speaking;
    });

    it('trace its programs', async () => {
      const { status, stderr } = await machine.container.run(['strace', '-p', String(desktop(victim).program)], { user: attacker });
      expect(status).not.toBe(0);
      expect(stderr).toContain('Operation not permitted');
    });

    it('read any file of it outside of its home', async () => {
      const script =
        'for file in $(find /dev/shm /run/lock /var/tmp /tmp -user "$0" -type f 2>/dev/null); do cat "$file" >/dev/null && echo "$file"; done';
      expect((await machine.container.run(['sh', '-c', script, victim], { user: attacker })).stdout).toBe('');
    });

    it('connect to anything that its programs listen on, but a display that asks for the cookie', async () => {
      const paths = await listeners(desktop(victim).uid);
      expect(paths.length).toBeGreaterThan(0);
      const displays = [`/tmp/.X11-unix/X${desktop(victim).display.slice(1)}`];
      for (const path of paths) {
        const isDisplay = displays.includes(path.replace('@', ''));
        if (!isDisplay) expect(await worked([...CONNECTS, path], attacker), path).toBe(false);
      }
    });

    it('take the connection of its worker, or ask the broker', async () => {
      expect(await worked(['ls', `/proc/${desktop(victim).worker}/fd/`], attacker)).toBe(false);
      if (attacker === 'usher') return; // the broker answers the host; what a stranger gets of it is in broker.test.ts
      expect(await worked([...CONNECTS, '/run/usher-broker/broker.sock'], attacker)).toBe(false);
    });
  });

  it.each(PEOPLE)('P6.3: %s holds no device of the machine’s seat: its sound card, its keyboards', async (name) => {
    const { container } = machine;
    // The container has no such devices: nodes of the kernel's own numbers are judged by who may open them, before it is looked what is behind.
    const nodes = [
      ['/dev/snd/pcmC0D0c', '116', '24', 'audio'],
      ['/dev/uinput', '10', '223', 'root'],
      ['/dev/input/event0', '13', '64', 'input'],
    ] as const;
    const id = /session-(\w+)\.scope/.exec(await container.must(['cat', `/proc/${desktop(name).worker}/cgroup`]))?.[1] ?? '';
    expect(await container.must(['loginctl', 'show-session', id, '--property=Seat', '--value'])).toBe('\n');
    for (const [path, major, minor, group] of nodes) {
      await container.must(['sh', '-c', MAKES_NODE, path, major, minor, group]);
      const open = ['sh', '-c', 'exec 3<>"$0"', path];
      expect((await container.run(open, { user: name })).stderr, path).toContain('Permission denied');
      // Root comes as far as the driver that isn't there, or the container's own rule.
      expect((await container.run(open)).stderr, path).toMatch(/No such device|Operation not permitted/);
    }
  });

  it('SEC-35: no program of a session has a descriptor from outside; the relay is the worker’s alone', async () => {
    const holders = await descriptorHolders();
    for (const name of PEOPLE) {
      const { worker, uid } = desktop(name);
      const inside = await programsOfSession(worker);
      expect(inside.size).toBeGreaterThan(3);
      const strange: string[] = [];
      for (const [target, all] of holders) {
        const ours = all.filter(({ pid }) => inside.has(pid));
        if (ours.length === 0) continue;
        const isShared = /^(socket|pipe):/.test(target) && all.some(({ pid }) => !inside.has(pid));
        const isForeign = target.startsWith('/') && !isOfSession(target, name, uid);
        if (isShared || isForeign)
          strange.push(...ours.map(({ pid, descriptor }) => `${pid === String(worker) ? 'worker' : pid} ${descriptor} ${target}`));
      }
      // Standard input, output and error of the worker: the relay, which the host has the other end of, and the log.
      expect(strange.map((line) => line.replace(/\[\d+\]$/, '')).sort()).toEqual([
        'worker 0 socket:',
        'worker 1 socket:',
        'worker 2 socket:',
      ]);
    }
  });
});

const MAKES_NODE =
  'mkdir -p "$(dirname "$0")" && groupadd --system --force "$3" && { test -e "$0" || mknod -m 0660 "$0" c "$1" "$2"; } && chown "root:$3" "$0"';
/** Not by Node, which fills a name that is in no file system up with zeros: that is another's, and nobody ever gets there. */
const CONNECTS = [
  ...['perl', '-e'],
  'use Socket; my $s; socket($s, PF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un($ARGV[0] =~ s/^@/\\0/r)) or exit 1',
];

interface Holder {
  readonly pid: string;
  readonly descriptor: string;
}

/** Processes of a worker's login session; without PID 1's own, which keeps the login open and ends with it. */
async function programsOfSession(worker: number): Promise<ReadonlySet<string>> {
  const { container } = machine;
  const group = /^0::(.*)$/m.exec(await container.must(['cat', `/proc/${worker}/cgroup`]))?.[1] ?? '';
  const pids = (await container.must(['cat', `/sys/fs/cgroup${group}/cgroup.procs`])).trim().split('\n');
  const list = await container.must(['ps', '-o', 'pid=,comm=', '-p', pids.join(',')]);
  const programs = list
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Set(programs.flatMap(([pid = '', name]) => (name === '(sd-pam)' ? [] : [pid])));
}

/** Every descriptor of every process of the machine, by what it leads to. */
async function descriptorHolders(): Promise<ReadonlyMap<string, readonly Holder[]>> {
  const listing = await machine.container.run(['sh', '-c', 'find /proc/[0-9]*/fd -type l -printf "%h %f %l\\n" 2>/dev/null']);
  const holders = new Map<string, Holder[]>();
  for (const line of listing.stdout.trim().split('\n')) {
    const [, pid = '', descriptor = '', target = ''] = /^\/proc\/(\d+)\/fd (\d+) (.*)$/.exec(line) ?? [];
    holders.set(target, [...(holders.get(target) ?? []), { pid, descriptor }]);
  }
  return holders;
}

/** What a desktop opens by itself: devices that are everybody's, programs, its own files, memory without a name. */
function isOfSession(path: string, account: string, uid: number): boolean {
  const everybodys = /^\/dev\/(null|zero|full|u?random|tty|ptmx|pts\/(\d+|ptmx))$/;
  const places = [
    `/run/user/${uid}/`,
    `/home/${account}`,
    '/usr/',
    '/etc/',
    '/memfd:',
    '/var/cache/fontconfig/',
    `/dev/shm/usher-lab-${uid}`,
  ];
  return everybodys.test(path) || places.some((place) => path.startsWith(place));
}

/** Unix sockets that processes of an account listen on; those without a place in the file system begin with @. */
async function listeners(uid: number): Promise<readonly string[]> {
  const script = `
    sockets=$(for pid in $(pgrep -U "$0"); do find /proc/$pid/fd -lname 'socket:*' -printf '%l\\n' 2>/dev/null; done | tr -dc '0-9\\n')
    awk -v wanted="$sockets" 'BEGIN { split(wanted, list, "\\n"); for (i in list) ours[list[i]] = 1 } $4 == "00010000" && ($7 in ours) && $8 != "" { print $8 }' /proc/net/unix`;
  return (await machine.container.must(['sh', '-c', script, String(uid)])).trim().split('\n');
}

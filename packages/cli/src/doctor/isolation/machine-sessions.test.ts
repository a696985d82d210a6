import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineSessions } from './machine-sessions.ts';

let proc = '';
beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'usher-proc-'));
  await mkdir(join(proc, 'self', 'ns'), { recursive: true });
  await symlink('mnt:[1]', join(proc, 'self', 'ns', 'mnt'));
});
afterEach(() => rm(proc, { recursive: true }));

interface Given {
  readonly parent?: number;
  readonly uid?: number;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly sockets?: readonly number[];
  readonly namespace?: number;
}

/** A process as the kernel shows it. */
async function run(pid: number, { parent = 1, uid = 1001, words, environment = {}, sockets = [], namespace = 1 }: Given): Promise<void> {
  const place = join(proc, String(pid));
  await mkdir(join(place, 'fd'), { recursive: true });
  await mkdir(join(place, 'ns'));
  await writeFile(
    join(place, 'status'),
    `Name:\tx\nPPid:\t${parent}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
  );
  await writeFile(join(place, 'cmdline'), `${words.join('\0')}\0`);
  await writeFile(
    join(place, 'environ'),
    Object.entries(environment)
      .map((pair) => `${pair.join('=')}\0`)
      .join(''),
  );
  await symlink(`mnt:[${namespace}]`, join(place, 'ns', 'mnt'));
  for (const [index, inode] of sockets.entries()) await symlink(`socket:[${inode}]`, join(place, 'fd', String(index)));
}

async function listening(...rows: readonly (readonly [number, string])[]): Promise<void> {
  await mkdir(join(proc, 'net'));
  const lines = rows.map(([inode, path]) => `0000000000000000: 00000002 00000000 00010000 0001 01 ${inode} ${path}`);
  const talking = '0000000000000000: 00000003 00000000 00000000 0001 03 99 /run/user/1001/talking';
  await writeFile(join(proc, 'net', 'unix'), ['Num RefCount Protocol Flags Type St Inode Path', ...lines, talking, ''].join('\n'));
}

const WORKER = ['/usr/bin/node', '/usr/lib/usher/worker/dist/main.js'];
const ON_DISPLAY = { DISPLAY: ':11', XAUTHORITY: '/run/user/1001/cookie' };

describe('the desktops that are open', () => {
  it('P6.3: are those with a worker, each with its program and what listens for it', async () => {
    await run(100, { words: WORKER });
    await run(101, { parent: 100, words: ['Xvfb', ':11'], sockets: [7, 8, 99] });
    await run(102, { parent: 100, words: ['xterm'], environment: ON_DISPLAY });
    await run(90, { words: ['/usr/lib/systemd/systemd', '--user'], sockets: [9] });
    await run(91, { words: ['vim', 'worker/dist/main.js'], uid: 1002 });
    await listening([7, '/tmp/.X11-unix/X11'], [8, '@/tmp/.X11-unix/X11'], [9, '/run/user/1001/bus'], [10, '/run/other']);
    expect(await machineSessions(proc)).toEqual({
      sessions: [
        {
          ...{ uid: 1001, gid: 1001, worker: 100, isSandboxed: false },
          program: { pid: 102, display: ':11', cookieFile: '/run/user/1001/cookie' },
          listeners: [
            { path: '/run/user/1001/bus', pid: 90 },
            { path: '/tmp/.X11-unix/X11', pid: 101 },
            { path: '@/tmp/.X11-unix/X11', pid: 101 },
          ],
        },
      ],
    });
  });

  it('P6.3: are told of although their descriptors can’t be seen, by the names that everybody sees', async () => {
    await run(100, { words: WORKER, uid: 1002 });
    await listening([7, '/run/user/1002/bus'], [8, '/run/user/1001/bus']);
    const [session] = (await machineSessions(proc)).sessions;
    expect(session).toEqual({
      uid: 1002,
      gid: 1002,
      worker: 100,
      listeners: [{ path: '/run/user/1002/bus', pid: 100 }],
      isSandboxed: false,
    });
  });

  it('P6.3: are one for an account; a service’s sandbox is noticed, and the host with its state', async () => {
    await run(50, {
      uid: 990,
      words: ['/usr/bin/node', '/usr/lib/usher/host/dist/main.js'],
      environment: { USHER_HOME: '/var/lib/usher' },
    });
    await run(100, { uid: 990, parent: 50, words: WORKER, namespace: 2 });
    await run(101, { uid: 990, parent: 50, words: WORKER, namespace: 2 });
    const { sessions, host } = await machineSessions(proc);
    expect(sessions.map(({ worker, isSandboxed }) => [worker, isSandboxed])).toEqual([[100, true]]);
    expect(host).toEqual({ uid: 990, gid: 990, home: '/var/lib/usher' });
  });
});

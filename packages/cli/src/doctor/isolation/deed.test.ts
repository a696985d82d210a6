import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attempt, type Deed, readDeed } from './deed.ts';

let directory = '';
const servers: Server[] = [];
const programs: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-deed-'));
});
afterEach(async () => {
  for (const program of programs.splice(0)) program.stdin?.end();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(directory, { recursive: true });
});

const COOKIE = Buffer.from('0123456789abcdef');

/** An Xauthority file with another display's cookie in front. */
function cookieFile(cookie: Buffer): Buffer {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, bytes.length]), bytes]);
  const entry = (number: string, data: Buffer) =>
    Buffer.concat([Buffer.from([1, 0]), ...['host', number, 'MIT-MAGIC-COOKIE-1'].map((text) => field(Buffer.from(text))), field(data)]);
  return Buffer.concat([entry('9', Buffer.alloc(16)), entry('7', cookie)]);
}

async function fileNamed(name: string): Promise<string> {
  await writeFile(join(directory, name), '');
  return join(directory, name);
}

async function listen(path: string, answer: (hello: Buffer) => number): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // whoever knocked doesn't wait
    socket.once('data', (hello) => socket.end(Buffer.from([answer(hello), 0, 0, 0])));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

/** A socket in no file system, as every program but Node names it: by as many bytes as the name has. Its end is that of its standard input. */
async function abstractSocket(): Promise<string> {
  const script = `
    use Socket;
    my $socket;
    socket($socket, PF_UNIX, SOCK_STREAM, 0) && bind($socket, pack_sockaddr_un("\\0$ARGV[0]")) && listen($socket, 5) or die;
    $| = 1;
    print "ok";
    <STDIN>`;
  const child = spawn('perl', ['-e', script, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  programs.push(child);
  await once(child.stdout, 'data');
  return directory;
}

/** An X server that wants the cookie. */
const openDisplay = () => listen(join(directory, 'X7'), (hello) => (hello.includes(COOKIE) ? 1 : 0));

describe('a deed', () => {
  it.each([
    ['a directory that is open', async (): Promise<Deed> => ({ kind: 'list', path: directory }), true],
    ['one that isn’t there', async (): Promise<Deed> => ({ kind: 'list', path: join(directory, 'no') }), false],
    ['a file', async (): Promise<Deed> => ({ kind: 'read', path: await fileNamed('f') }), true],
    ['a device', async (): Promise<Deed> => ({ kind: 'use', path: '/dev/null' }), true],
    ['a socket', async (): Promise<Deed> => ({ kind: 'connect', path: await listen(join(directory, 's'), () => 1) }), true],
    ['a socket without a place', async (): Promise<Deed> => ({ kind: 'connect', path: `@${await abstractSocket()}` }), true],
    ['a socket that nobody has', async (): Promise<Deed> => ({ kind: 'connect', path: join(directory, 'no') }), false],
    ['its own process', async (): Promise<Deed> => ({ kind: 'signal', pid: process.pid }), true],
    ['a process that isn’t there', async (): Promise<Deed> => ({ kind: 'signal', pid: 0x3fff_ffff }), false],
  ])('P6.3: at %s', async (_what, prepare, reached) => {
    expect((await attempt(await prepare())).reached).toBe(reached);
  });

  it('P6.3: at a display needs its cookie', async () => {
    const path = await openDisplay();
    const [right, wrong] = [join(directory, 'right'), join(directory, 'wrong')];
    await writeFile(right, cookieFile(COOKIE));
    await writeFile(wrong, cookieFile(Buffer.from('fedcba9876543210')));
    await chmod(right, 0o600);
    const outcomes = [await attempt({ kind: 'look', path }), await attempt({ kind: 'look', path, cookieFile: wrong })];
    expect(outcomes).toEqual([1, 2].map(() => ({ reached: false, word: 'REFUSED' })));
    expect(await attempt({ kind: 'look', path, cookieFile: right })).toEqual({ reached: true, word: 'done' });
  });

  it('P6.3: at a display that lets everybody in is found out; a file that is no Xauthority file helps nobody', async () => {
    const open = await listen(join(directory, 'X8'), () => 1);
    expect(await attempt({ kind: 'look', path: open })).toMatchObject({ reached: true });
    const path = await openDisplay();
    await writeFile(join(directory, 'noise'), Buffer.alloc(99, 0xff));
    expect(await attempt({ kind: 'look', path, cookieFile: join(directory, 'noise') })).toMatchObject({ reached: false });
  });

  it('P6.3: at a display that begins anew and hangs up meanwhile is tried again', async () => {
    let calls = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined); // whoever knocked doesn't wait
      calls += 1;
      if (calls <= 2) socket.destroy();
      else socket.once('data', () => socket.end(Buffer.from([1, 0, 0, 0])));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(join(directory, 'X9'), resolve));
    expect([await attempt({ kind: 'look', path: join(directory, 'X9') }), calls]).toEqual([{ reached: true, word: 'done' }, 3]);
  });

  it.each(['{"kind":"erase","path":"/"}', '{"kind":"signal","pid":1}', '{"kind":"read"}', '{"kind":"look","path":"/x","cookieFile":7}'])(
    'P6.3: %s is none',
    (text) => expect(() => readDeed(Reader.json(text, 'deed'))).toThrow(),
  );
});

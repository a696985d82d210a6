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
  await listenByPerl(`\\0${directory}`, 5);
  return directory;
}

/** One that nobody is let in at any more: its queue is full. */
async function crowdedSocket(): Promise<string> {
  const path = join(directory, 'crowded');
  await listenByPerl(path, 0);
  await attempt({ kind: 'connect', path });
  return path;
}

/** Listens, and takes nobody out of the queue. `name` is a word of Perl's, within quotation marks. */
async function listenByPerl(name: string, queue: number): Promise<void> {
  const script = `
    use Socket;
    my $socket;
    socket($socket, PF_UNIX, SOCK_STREAM, 0) && bind($socket, pack_sockaddr_un("${name}")) && listen($socket, ${queue}) or die;
    $| = 1;
    print "ok";
    <STDIN>`;
  const child = spawn('perl', ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  programs.push(child);
  await once(child.stdout, 'data');
}

/** An X server that wants the cookie. */
const openDisplay = () => listen(join(directory, 'X7'), (hello) => (hello.includes(COOKIE) ? 1 : 0));

describe('a deed', () => {
  it.each([
    ['a directory that is open', async (): Promise<Deed> => ({ kind: 'list', path: directory }), 'reached'],
    ['one that isn’t there', async (): Promise<Deed> => ({ kind: 'list', path: join(directory, 'no') }), 'refused'],
    ['a file', async (): Promise<Deed> => ({ kind: 'read', path: await fileNamed('f') }), 'reached'],
    ['a device', async (): Promise<Deed> => ({ kind: 'use', path: '/dev/null' }), 'reached'],
    ['a socket', async (): Promise<Deed> => ({ kind: 'connect', path: await listen(join(directory, 's'), () => 1) }), 'reached'],
    ['a socket without a place', async (): Promise<Deed> => ({ kind: 'connect', path: `@${await abstractSocket()}` }), 'reached'],
    ['a socket whose queue is full', async (): Promise<Deed> => ({ kind: 'connect', path: await crowdedSocket() }), 'reached'],
    ['a socket that nobody has', async (): Promise<Deed> => ({ kind: 'connect', path: join(directory, 'no') }), 'refused'],
    ['its own process', async (): Promise<Deed> => ({ kind: 'signal', pid: process.pid }), 'reached'],
    ['a process that isn’t there', async (): Promise<Deed> => ({ kind: 'signal', pid: 0x3fff_ffff }), 'refused'],
  ])('P6.3: at %s', async (_what, prepare, result) => {
    expect((await attempt(await prepare())).result).toBe(result);
  });

  it('P6.3: at a display needs its cookie', async () => {
    const path = await openDisplay();
    const [right, wrong] = [join(directory, 'right'), join(directory, 'wrong')];
    await writeFile(right, cookieFile(COOKIE));
    await writeFile(wrong, cookieFile(Buffer.from('fedcba9876543210')));
    await chmod(right, 0o600);
    const outcomes = [await attempt({ kind: 'look', path }), await attempt({ kind: 'look', path, cookieFile: wrong })];
    expect(outcomes).toEqual([1, 2].map(() => ({ result: 'refused', word: 'REFUSED' })));
    expect(await attempt({ kind: 'look', path, cookieFile: right })).toEqual({ result: 'reached', word: 'done' });
  });

  it('P6.3: at a display that lets everybody in is found out; a file that is no Xauthority file helps nobody', async () => {
    const open = await listen(join(directory, 'X8'), () => 1);
    expect(await attempt({ kind: 'look', path: open })).toMatchObject({ result: 'reached' });
    const path = await openDisplay();
    await writeFile(join(directory, 'noise'), Buffer.alloc(99, 0xff));
    expect(await attempt({ kind: 'look', path, cookieFile: join(directory, 'noise') })).toMatchObject({ result: 'refused' });
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
    expect([await attempt({ kind: 'look', path: join(directory, 'X9') }), calls]).toEqual([{ result: 'reached', word: 'done' }, 3]);
  });

  it('P6.3: at a display that only ever hangs up, or is stopped, is neither done nor refused', async () => {
    const server = createServer((socket) => void socket.on('error', () => undefined).destroy());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(join(directory, 'X9'), resolve));
    expect(await attempt({ kind: 'look', path: join(directory, 'X9') })).toMatchObject({ result: 'unanswered' });
    expect(await attempt({ kind: 'look', path: await crowdedSocket() })).toEqual({ result: 'unanswered', word: 'EAGAIN' });
  });

  it.each(['{"kind":"erase","path":"/"}', '{"kind":"signal","pid":1}', '{"kind":"read"}', '{"kind":"look","path":"/x","cookieFile":7}'])(
    'P6.3: %s is none',
    (text) => expect(() => readDeed(Reader.json(text, 'deed'))).toThrow(),
  );
});

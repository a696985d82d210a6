import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { encodeHostMessage, envelope, type HostMessage, VideoCodec } from '@usher/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';
import { descendants, timeUntilGone } from '../testing/processes.ts';
import { WorkerProcess } from '../testing/worker-process.ts';

const directory = mkdtempSync(join(tmpdir(), 'worker-path-'));
afterAll(() => removeDirectorySync(directory));

/** A PATH on which only these programs are found. */
function pathWith(...programs: readonly string[]): string {
  const path = join(directory, programs.join('-'));
  mkdirSync(path, { recursive: true });
  for (const program of programs) symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(path, program));
  return path;
}

/** The cookie in a file of its own: whatever names the owner's file belongs to its session, and would be ended with it. */
function copiedCookie(owner: WorkerProcess, display: string): string {
  const copy = join(directory, `cookie-${owner.pid}`);
  copyFileSync(owner.sessionEnvironment(display)['XAUTHORITY'] ?? '', copy);
  return copy;
}

const start: HostMessage = { type: 'start', mode: { width: 640, height: 480, refreshHz: 60 }, display: { kind: 'virtual' }, audio: false };
const bytesOf = (message: HostMessage) => envelope(encodeHostMessage(message));

describe('a worker', () => {
  it('W9: speaks first, before it is told anything, and says whose it is', async () => {
    await using worker = new WorkerProcess();
    expect(await worker.next('hello')).toMatchObject({ account: userInfo().username });
  });
});

describe('a worker that fails', () => {
  it.each([
    ['is no start', bytesOf({ type: 'keyframe', codec: VideoCodec.H264 }), 'message.unexpected'],
    ['is noise', Buffer.from('hello, worker!'), 'frame.oversized'],
    ['is too large', Buffer.from([0x7f, 0xff, 0xff, 0xff]), 'frame.oversized'],
    ['has no form', envelope(Uint8Array.of(1, 2, 3)), 'message.malformed'],
  ])('P5.3: a first message that %s is refused with its code', async (_name, bytes, code) => {
    await using worker = new WorkerProcess();
    worker.sendRaw(bytes);
    expect(await worker.next('failed')).toMatchObject({ code });
    expect(await worker.ended).toBe(1);
  });

  it('P7.1: an X server that dies is a display lost', async () => {
    await using worker = new WorkerProcess();
    worker.start();
    await worker.next('ready');
    const children = descendants(worker.pid);
    const server = children.find(({ name }) => name === 'Xvfb');
    process.kill(server?.pid ?? 0, 'SIGKILL');
    expect(await worker.next('failed')).toMatchObject({ code: 'worker.display-lost' });
    expect(await worker.ended).toBe(1);
    expect(await timeUntilGone(children, 2000)).toBeDefined();
    expect(worker.runtimeDir).toBeUndefined();
  });

  it.each([
    ['the window manager', ['setpriv', 'Xvfb', 'xterm'], 'openbox'],
    ['the terminal', ['setpriv', 'Xvfb', 'openbox'], 'xterm'],
    ['the X server', ['setpriv', 'openbox', 'xterm'], 'xvfb'],
  ])('P7.1: when %s is missing, the error names the package', async (_name, programs, debianPackage) => {
    await using worker = new WorkerProcess({ PATH: pathWith(...programs) });
    worker.start();
    const failed = await worker.next('failed');
    expect(failed.code).toBe('worker.missing-program');
    expect(failed.message).toContain(`apt install ${debianPackage}`);
    expect(await worker.ended).toBe(1);
  });

  it.each([
    [':9876', 'there is no X server'],
    ['somewhere:0', 'no local X display'],
  ])('P7.1: display "%s" is not there: %s', async (name, words) => {
    await using worker = new WorkerProcess();
    worker.send({ ...start, display: { kind: 'existing', name } });
    const failed = await worker.next('failed');
    expect(failed.code).toBe('worker.no-display');
    expect(failed.message).toContain(words);
    expect(await worker.ended).toBe(1);
  });
});

describe('a worker at a display that exists', () => {
  it('P7.1: ends when that display goes', async () => {
    await using owner = new WorkerProcess();
    owner.start();
    const { display } = await owner.next('ready');
    await using worker = new WorkerProcess({ XAUTHORITY: copiedCookie(owner, display) });
    worker.send({ ...start, display: { kind: 'existing', name: display } });
    await worker.next('ready');
    owner.closeInput();
    expect(await worker.next('failed')).toMatchObject({ code: 'worker.display-lost' });
    expect(await worker.ended).toBe(1);
  });
});

describe('a worker that makes do', () => {
  it('P7.2: without a sound server the session goes on, silently', async () => {
    await using worker = new WorkerProcess({ PATH: pathWith('setpriv', 'Xvfb', 'openbox', 'xterm') });
    worker.start({}, true);
    const ready = await worker.next('ready');
    expect(ready.audio).toBe(false);
    expect(ready.audioProblem).toContain('apt install pulseaudio');
  });

  it('P7.1: serves a display that exists, and leaves its size alone', async () => {
    await using owner = new WorkerProcess();
    owner.start();
    const { display } = await owner.next('ready');
    await using worker = new WorkerProcess({ XAUTHORITY: copiedCookie(owner, display) });
    worker.send({ ...start, display: { kind: 'existing', name: display } });
    expect(await worker.next('ready')).toMatchObject({ display, mode: { width: 640, height: 480 } });
    worker.send({ type: 'start-stream', codec: VideoCodec.Vp8, kbps: 1000 });
    expect(await worker.next('video')).toMatchObject({ key: true, width: 640, height: 480 });
    worker.send({ type: 'resize', mode: { width: 800, height: 600, refreshHz: 60 } });
    expect(await worker.next('resized')).toMatchObject({ accepted: false, mode: { width: 640, height: 480 } });
  });

  it('P7.1: a display whose cookie is unknown stays closed', async () => {
    await using owner = new WorkerProcess();
    owner.start();
    const { display } = await owner.next('ready');
    await using worker = new WorkerProcess({ XAUTHORITY: join(directory, 'none') });
    worker.send({ ...start, display: { kind: 'existing', name: display } });
    expect(await worker.next('failed')).toMatchObject({ code: 'worker.no-display' });
  });
});

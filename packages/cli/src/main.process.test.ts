import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Reader } from '@usher/sdk/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants } from '../../../tests/harness/processes.ts';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';
import { type Ended, type RunOptions, usher as run } from '../../../tests/harness/usher.ts';

/** The built program, as people start it; it starts the built host. */
const USHER = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** A cold start of host, display and encoder on two busy cores stays far below this. */
const BOUND_MS = 90_000;

let directory: string;
let home: string;
let up: ChildProcess;
let greeting: Reader;

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [USHER, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, USHER_HOME: home } });
}

/** Runs a command of whoever keeps the host. */
function usher(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(args, { ...options, env: { USHER_HOME: home } });
}

/** A command that manages the host of this test. */
function manage(...args: readonly string[]): Promise<Ended> {
  return usher([...args, '--url', greeting.string('url'), '--json']);
}

function connect(key: string, ...args: readonly string[]): Promise<Ended> {
  return usher(['connect', greeting.string('url'), '--key', join(directory, key), '--seconds', '2', '--json', ...args]);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-cli-'));
  home = join(directory, 'home');
  up = start(['up', '--json', '--port', '0', '--bind', '127.0.0.1', '--usb-passthrough', '--usb-backend', 'sim']);
  const errors: string[] = [];
  if (up.stderr !== null) createInterface({ input: up.stderr }).on('line', (line) => errors.push(line));
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`usher up said nothing\n${errors.join('\n')}`)), BOUND_MS);
    if (up.stdout !== null) {
      createInterface({ input: up.stdout }).once('line', (text) => {
        clearTimeout(timer);
        resolve(text);
      });
    }
    up.once('exit', (code) => reject(new Error(`usher up ended with ${code}\n${errors.join('\n')}`)));
  });
  greeting = Reader.json(line, 'greeting');
});

afterAll(async () => {
  if (up.exitCode === null && up.signalCode === null) {
    const gone = new Promise((resolve) => up.once('exit', resolve));
    up.kill('SIGTERM');
    await gone;
  }
  await removeDirectory(directory);
});

describe('usher, from the first start on', () => {
  it('design §6: up says address, fingerprint, PIN and, this once, the token', async () => {
    expect(greeting.string('fingerprint')).toMatch(/^[0-9a-f]{64}$/);
    expect(greeting.string('pin')).toMatch(/^[0-9]{6}$/);
    expect(Date.parse(greeting.string('expiresAt')) - Date.now()).toBeGreaterThan(0);
    expect(greeting.string('token')).toBe((await readFile(join(home, 'token'), 'utf8')).trim());
  });

  it('design §6: a device pairs with the PIN, gets pictures, and sees the lent USB devices', async () => {
    const { exitCode, answer, errors } = await connect('me.json', '--pin', greeting.string('pin'), '--usb');
    expect([exitCode, errors]).toEqual([0, 'Reaching the host …\nConnecting …\nPairing …\nEntering …']);
    expect(answer.boolean('ok')).toBe(true);
    expect(answer.string('profile')).toBe('operator');
    expect(answer.string('hostFingerprint')).toBe(greeting.string('fingerprint'));
    const video = answer.object('video');
    expect([video.string('codec'), video.integer('width', 1, 9999), video.integer('height', 1, 9999)]).toEqual(['h264', 1280, 720]);
    expect(video.integer('frames', 1, 1000)).toBeGreaterThanOrEqual(video.integer('keyframes', 1, 1000));
    const usb = answer.object('usb').list('devices', 16, (device) => `${device.string('vendor_id')}:${device.string('product_id')}`);
    expect(usb).toEqual(expect.arrayContaining(['1050:0407', '1209:0001']));
    expect((await stat(join(directory, 'me.json'))).mode & 0o777).toBe(0o600);
  });

  it('design §6: it comes back without a PIN, in the size that it asks for', async () => {
    const { exitCode, answer } = await connect('me.json', '--width', '801', '--height', '600');
    expect([exitCode, answer.optionalString('message')]).toEqual([0, undefined]);
    expect(answer.object('video').integer('height', 1, 9999)).toBe(600);
    expect(answer.object('video').integer('width', 1, 9999) % 2).toBe(0);
  });

  it('P7.4: nobody is in once the viewer has left', async () => {
    await expect
      .poll(async () => (await manage('sessions')).answer.list('sessions', 10, (session) => session.string('session_id')))
      .toEqual([]);
  });

  it('P9.1: a wrong PIN, then one that is spent, each with its code and number, the cool-down waited for', async () => {
    const armed = (await manage('pair')).answer.string('pin');
    const wrong = await connect('other.json', '--pin', armed === '000000' ? '000001' : '000000');
    expect([wrong.exitCode, wrong.answer.string('code'), wrong.answer.integer('status', -99, 0)]).toEqual([3, 'pairing.wrong-pin', -3]);
    const hurried = await connect('other.json', '--pin', armed);
    expect([hurried.exitCode, hurried.answer.string('code'), hurried.answer.integer('status', -99, 0)]).toEqual([
      5,
      'pairing.not-armed',
      -20,
    ]);
  });

  it('P9.1: an unknown device knocks and is approved in the meantime', async () => {
    let approved: Promise<Ended> | undefined;
    const key = join(directory, 'tv.json');
    const visit = await usher(['connect', greeting.string('url'), '--key', key, '--seconds', '1', '--name', 'TV', '--json'], {
      heard: (line) => {
        if (line.startsWith('The operator has')) approved = approveFirst();
      },
    });
    expect((await approved)?.exitCode).toBe(0);
    expect([visit.exitCode, visit.answer.optionalString('message')]).toEqual([0, undefined]);
  });

  it('P9.1: an unknown device that is turned away is told so', async () => {
    const key = join(directory, 'stranger.json');
    const visit = await usher(['connect', greeting.string('url'), '--key', key, '--seconds', '1', '--json'], {
      heard: (line) => {
        if (line.startsWith('The operator has')) void firstKnock().then((id) => manage('devices', 'deny', id));
      },
    });
    expect([visit.exitCode, visit.answer.string('code'), visit.answer.integer('status', -99, 0)]).toEqual([3, 'device.denied', -24]);
  });

  it('P9.1: a host with another key is refused, and pinned anew only by its compared fingerprint', async () => {
    const refused = await connect('me.json', '--host-fingerprint', 'ab'.repeat(32));
    expect([refused.exitCode, refused.answer.string('code')]).toEqual([5, 'pairing.host-changed']);
    const pinned = await connect('me.json', '--host-fingerprint', greeting.string('fingerprint'));
    expect([pinned.exitCode, pinned.answer.optionalString('message')]).toEqual([0, undefined]);
  });

  it('P2.4: a profile that isn’t there is refused, and the passcode appears nowhere', async () => {
    const args = ['connect', greeting.string('url'), '--key', join(directory, 'me.json'), '--seconds', '1', '--json'];
    const { exitCode, answer, output, errors } = await usher([...args, '--profile', 'abcdefabcdef', '--passcode-stdin'], {
      input: 'open sesame\n',
    });
    expect([exitCode, answer.string('code'), answer.integer('status', -99, 0)]).toEqual([3, 'profile.rejected', -12]);
    expect(output + errors).not.toContain('sesame');
  });

  it('P7.4: a removed device has to knock again', async () => {
    const devices = (await manage('devices')).answer.list('devices', 10, (device) => ({
      name: device.string('name'),
      fingerprint: device.string('fingerprint'),
    }));
    const tv = devices.find((device) => device.name === 'TV');
    expect((await manage('devices', 'remove', tv?.fingerprint.slice(0, 12) ?? '')).exitCode).toBe(0);
    let knocked = false;
    const args = ['connect', greeting.string('url'), '--key', join(directory, 'tv.json'), '--seconds', '1', '--json'];
    const visit = await usher(args, {
      heard: (line) => {
        if (!line.startsWith('The operator has')) return;
        knocked = true;
        void firstKnock().then((id) => manage('devices', 'deny', id));
      },
    });
    expect([knocked, visit.answer.string('code')]).toEqual([true, 'device.denied']);
  });

  it('design §6: the doctor finds nothing that stops a session', async () => {
    const { exitCode, answer } = await manage('doctor');
    const stopping = answer
      .list('checks', 100, (check) => ({ name: check.string('name'), ok: check.boolean('ok'), stops: check.boolean('stops') }))
      .filter((check) => !check.ok && check.stops);
    expect([exitCode, stopping]).toEqual([0, []]);
  });

  it('design §6: Ctrl-C ends the host too, with its own exit code', async () => {
    const ended = new Promise<number | null>((resolve) => up.once('exit', resolve));
    up.kill('SIGINT');
    expect(await ended).toBe(0);
    const { exitCode, answer } = await connect('me.json');
    expect([exitCode, answer.string('code'), answer.integer('status', -99, 0)]).toEqual([7, 'host.unreachable', -7]);
  });

  it('design §6: a host that is killed is told of, and how to start it again', async () => {
    const again = start(['up', '--json', '--port', '0', '--bind', '127.0.0.1']);
    const ended = new Promise<number | null>((resolve) => again.once('close', resolve));
    let errors = '';
    again.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    try {
      await new Promise((resolve) => again.stdout?.once('data', resolve)); // its greeting: the host is up
      const host = (await descendants(again.pid ?? 0)).find(({ parent }) => parent === again.pid);
      process.kill(host?.pid ?? Number.NaN, 'SIGKILL');
      expect(await ended).toBe(137);
      expect(errors).toMatch(/the host was ended by SIGKILL\..* start it again: .* up\n/);
    } finally {
      again.kill('SIGTERM');
      await ended;
    }
  });
});

/** The id of the device that waits. */
async function firstKnock(): Promise<string> {
  const [id = ''] = (await manage('devices')).answer.list('pending', 10, (knock) => knock.string('id'));
  return id;
}

async function approveFirst(): Promise<Ended> {
  return manage('devices', 'approve', await firstKnock());
}

import { HostApi } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import { describe, expect, it } from 'vitest';
import { diagnosis } from '../commands/doctor.ts';
import type { Check } from './check.ts';
import { examine } from './checks.ts';
import type { Machine } from './machine.ts';

const HOME = '/home/ada/.config/usher';
const ERRNO = (code: string) => Object.assign(new Error(code), { code });

/** A machine that lacks nothing and has never run a host. */
function machine(overrides: Partial<Machine> = {}): Machine {
  const yes = () => Promise.resolve(true);
  return {
    nodeVersion: '20.20.2',
    uid: 1000,
    hasProgram: yes,
    hasLibrary: yes,
    hasGStreamerPlugin: yes,
    hasFile: (path) => Promise.resolve(path !== '/etc/pam.d/usher'), // without the broker's package
    nativeProblem: () => Promise.resolve(undefined),
    inspect: () => Promise.resolve(undefined),
    read: () => Promise.reject(ERRNO('ENOENT')),
    portProblem: () => Promise.resolve(undefined),
    ...overrides,
  };
}

/** A state directory with these modes. */
function state(modes: Readonly<Record<string, { mode: number; uid?: number; directory?: boolean }>>): Pick<Machine, 'inspect'> {
  return {
    inspect: (path) => {
      const found = modes[path === HOME ? '.' : path.slice(HOME.length + 1)];
      return Promise.resolve(found === undefined ? undefined : { uid: 1000, directory: path === HOME, ...found });
    },
  };
}

const silent = () => Promise.reject(new CodedError('host.unreachable', 'no host answers'));

async function broken(overrides: Partial<Machine>, openHost: () => Promise<HostApi> = silent): Promise<readonly Check[]> {
  const checks = await examine({ machine: machine(overrides), home: HOME, port: 9939, openHost });
  return checks.filter((check) => !check.ok && check.name !== 'host' && check.name !== 'broker');
}

const without =
  (...missing: readonly string[]) =>
  (name: string) =>
    Promise.resolve(!missing.includes(name));

describe('usher doctor', () => {
  it('design §6: a machine that lacks nothing lets a session come about, running host or not', async () => {
    expect(await broken({})).toEqual([]);
    const checks = await examine({ machine: machine(), home: HOME, port: 9939, openHost: silent });
    expect(diagnosis(checks, { uid: 1000 })).toMatchObject({ json: { ok: true }, exitCode: 0 });
  });

  it.each([
    ['old Node', { nodeVersion: '18.20.0' }, 'node', 'install Node 20.20 or newer'],
    ['no Xvfb', { hasProgram: without('Xvfb') }, 'xvfb', 'sudo apt-get install -y --no-install-recommends xvfb'],
    [
      'no x264',
      { hasGStreamerPlugin: without('x264') },
      'gstreamer1.0-plugins-ugly',
      'sudo apt-get install -y --no-install-recommends gstreamer1.0-plugins-ugly',
    ],
    [
      'no GStreamer',
      { hasLibrary: without('libgstreamer-1.0.so.0') },
      'libgstreamer1.0-0',
      'sudo apt-get install -y --no-install-recommends libgstreamer1.0-0',
    ],
    [
      'no WebRTC',
      { nativeProblem: (name: string) => Promise.resolve(name === 'node-datachannel' ? 'ERR_DLOPEN_FAILED' : undefined) },
      'npm node-datachannel',
      'npm ci',
    ],
    ['a directory for all', state({ '.': { mode: 0o755 } }), 'state directory', `chmod 700 '${HOME}'`],
    ['another’s directory', state({ '.': { mode: 0o700, uid: 0 } }), 'state directory', `sudo chown -R 1000 '${HOME}'`],
    ['a file in its place', state({ '.': { mode: 0o600, directory: false } }), 'state directory', `move ${HOME} away`],
    [
      'a token for all',
      { ...state({ '.': { mode: 0o700 }, token: { mode: 0o644 } }), read: () => Promise.resolve('0'.repeat(64)) },
      'token',
      `chmod 600 '${HOME}/token'`,
    ],
    [
      'a token that is none',
      { ...state({ '.': { mode: 0o700 }, token: { mode: 0o600 } }), read: () => Promise.resolve('secret') },
      'token',
      `rm '${HOME}/token'; the next start of the host makes another`,
    ],
    [
      'a token that can’t be read',
      { ...state({ '.': { mode: 0o700 } }), read: () => Promise.reject(ERRNO('EACCES')) },
      'token',
      `chmod 600 '${HOME}/token'`,
    ],
    ['a key for all', state({ '.': { mode: 0o700 }, 'host.key': { mode: 0o640 } }), 'host.key', `chmod 600 '${HOME}/host.key'`],
    [
      'a port in use',
      { portProblem: () => Promise.resolve('EADDRINUSE') },
      'port 9939',
      `choose another with --port N, USHER_PORT, or "port" in ${HOME}/config.json`,
    ],
  ])('design §6: %s stops it and says what mends it', async (_what, overrides, name, mend) => {
    const checks = await broken(overrides);
    expect(checks).toMatchObject([{ name, stops: true, mend }]);
    expect(diagnosis(checks, { uid: 1000 })).toMatchObject({ json: { ok: false }, exitCode: 7 });
  });

  it.each([
    ['no sound', { hasProgram: without('pulseaudio', 'parec') }],
    ['no USB', { hasLibrary: without('libudev.so.1') }],
  ])('design §6: %s is only noted', async (_what, overrides) => {
    const checks = await broken(overrides);
    expect(checks.length).toBeGreaterThan(0);
    expect(diagnosis(checks, { uid: 1000 })).toMatchObject({ json: { ok: true }, exitCode: 0 });
  });

  const OPEN_HOME = { '.': { mode: 0o700 }, token: { mode: 0o600 } };
  const readsToken = { read: () => Promise.resolve('0'.repeat(64)) };

  it.each(['', '.sig', '.key', '.revision'])('U3.1: usb_acl.json%s that is open to others is noted, with what it costs', async (end) => {
    const checks = await broken({ ...readsToken, ...state({ ...OPEN_HOME, [`usb_acl.json${end}`]: { mode: 0o644 } }) });
    expect(checks).toEqual([
      {
        ...{ name: 'USB rules', ok: false, stops: false, mend: `chmod 600 '${HOME}/usb_acl.json${end}'` },
        detail: `others may get at ${HOME}/usb_acl.json${end}: no USB device is lent`,
      },
    ]);
  });

  it.each([
    [{ integrity_ok: false, problem: 'the signature doesn’t fit' }, 'look at usb_acl.json; if it says what you want: usher usb acl sign'],
    [{ integrity_ok: false, problem: 'open to others', mend: 'chmod 600 x' }, 'chmod 600 x'],
    [{ integrity_ok: true }, undefined],
  ])('U3.2: what the host says of its USB rules is passed on: %o', async (said, mend) => {
    const answers: Readonly<Record<string, unknown>> = {
      '/usb/acl': { default: 'deny', rules: [], ...said },
      '/host': { version: '1', name: 'x', url: 'https://x/', problems: [] },
    };
    const fetch: typeof globalThis.fetch = (request) =>
      Promise.resolve(Response.json(answers[new URL(new Request(request).url).pathname.replace('/api/v1', '')]));
    const api = new HostApi({ baseUrl: 'https://x', fetch });
    const checks = await broken({ ...readsToken, ...state(OPEN_HOME) }, () => Promise.resolve(api));
    expect(checks).toMatchObject(
      mend === undefined ? [] : [{ name: 'USB rules', stops: false, mend, detail: `no USB device is lent: ${said.problem}` }],
    );
  });

  it('design §6: several packages are mended with one command, without sudo for root', async () => {
    const checks = await broken({ hasProgram: without('Xvfb', 'openbox'), uid: 0 });
    expect(diagnosis(checks, { uid: 0 }).text).toContain('All of them: apt-get install -y --no-install-recommends xvfb openbox');
  });

  it('design §6: a port that our own host is on is ours', async () => {
    const body = { version: '1', name: 'x', url: 'https://x/', problems: [] };
    const api = new HostApi({ baseUrl: 'https://x', fetch: () => Promise.resolve(Response.json(body)) });
    expect(await broken({ portProblem: () => Promise.resolve('EADDRINUSE') }, () => Promise.resolve(api))).toEqual([]);
  });

  it('design §6: what the host itself complains of stops a session', async () => {
    const body = { version: '1', url: 'https://x/', problems: [{ code: 'worker.no-display', detail: 'no display :7' }] };
    const api = new HostApi({ baseUrl: 'https://x', fetch: () => Promise.resolve(Response.json(body)) });
    const checks = await examine({ machine: machine(), home: HOME, port: 9939, openHost: () => Promise.resolve(api) });
    expect(checks.at(-1)).toMatchObject({ name: 'host', ok: false, stops: true, detail: 'it runs, but: no display :7' });
  });
});

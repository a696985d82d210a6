import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeAnswer, FakeHostApi, problem, TOKEN } from '../../testing/fake-host-api.ts';
import { FakeTerminal } from '../../testing/fake-terminal.ts';
import { run } from '../program.ts';
import { chosen } from './devices.ts';
import { usbDevice } from './usb-device.ts';
import { watchUsb } from './usb-watch.ts';

const packages = new URL('../../../', import.meta.url);
const KIDS = '0123456789ab';
const FP = `4fa1b2c3${'d'.repeat(56)}`;
const TWIN = `4fa1b2c3${'e'.repeat(56)}`;
const device = (fingerprint: string, name = 'Laptop') => ({ fingerprint, name, paired_unix: 1_800_000_000, connected: true });
const KNOCK = { id: 'k7', name: 'TV', fingerprint: TWIN, address: '192.168.1.9', since_unix: 1_800_000_000, expires_unix: 1_800_000_600 };
const NOTHING: FakeAnswer = { status: 204 };

/** Runs a command against a fake host; `%` stands for the options that name it. */
async function ask(line: string, answers: Readonly<Record<string, FakeAnswer>>) {
  await using api = await FakeHostApi.start(answers);
  const terminal = new FakeTerminal({ USHER_HOME: api.home });
  const exitCode = await run([...line.split(' '), ...(line.startsWith('usb udev-rule') ? [] : ['--url', api.url])], terminal, packages);
  return { exitCode, terminal, asked: api.asked };
}

describe('design §6: usher pair', () => {
  it('answers with the PIN and when it ends', async () => {
    const { exitCode, terminal } = await ask('pair --json', {
      'POST /api/v1/native/pair/arm': { body: { pin: '042917', expires_unix: 1_800_000_000 } },
    });
    expect(exitCode).toBe(0);
    expect(terminal.json()).toEqual({ pin: '042917', expiresAt: '2027-01-15T08:00:00.000Z' });
    expect(terminal.output).toHaveLength(1);
  });

  it('tells people', async () => {
    const { terminal } = await ask('pair', { 'POST /api/v1/native/pair/arm': { body: { pin: '042917', expires_unix: 1_800_000_000 } } });
    expect(terminal.output.join('\n')).toContain('PIN 042917, for one device, until');
  });
});

describe('design §6: usher devices', () => {
  const answers = {
    'GET /api/v1/native/clients': { body: { clients: [device(FP), device('9'.repeat(64), 'evil\u202e\u001b[2J')] } },
    'GET /api/v1/native/pending': { body: { pending: [KNOCK] } },
    [`DELETE /api/v1/native/clients/${FP}`]: NOTHING,
    'POST /api/v1/native/pending/k7/approve': NOTHING,
    'GET /api/v1/profiles': { body: [{ id: KIDS, display_name: 'Kids' }] },
    'POST /api/v1/native/pending/k7/deny': NOTHING,
  };

  it('lists those that are paired and those that wait', async () => {
    const { terminal } = await ask('devices --json', answers);
    expect(terminal.json()).toMatchObject({ devices: [{ fingerprint: FP }, {}], pending: [KNOCK] });
  });

  it('shows no control characters of a stranger’s name', async () => {
    const { terminal } = await ask('devices', answers);
    const shown = terminal.output.join('\n');
    expect(shown).toContain('4fa1b2c3  Laptop');
    expect(shown).toContain('evil··[2J');
    expect(shown).toMatch(/k7 +4fa1b2c3 +TV +192\.168\.1\.9/);
  });

  it.each([
    [`devices remove ${FP} --json`, { removed: FP }, `DELETE /api/v1/native/clients/${FP}`],
    ['devices remove 4FA1:B2C3 --json', { removed: FP }, `DELETE /api/v1/native/clients/${FP}`],
    ['devices approve k7 --json', { approved: 'k7' }, 'POST /api/v1/native/pending/k7/approve {}'],
    ['devices approve k7 --name TV --json', { approved: 'k7' }, 'POST /api/v1/native/pending/k7/approve {"name":"TV"}'],
    [
      'devices approve k7 --name TV --profile kids --json',
      { approved: 'k7', profile: KIDS },
      `POST /api/v1/native/pending/k7/approve {"name":"TV","profile_id":"${KIDS}"}`,
    ],
    ['devices deny k7 --json', { denied: 'k7' }, 'POST /api/v1/native/pending/k7/deny'],
    ['devices --json deny k7', { denied: 'k7' }, 'POST /api/v1/native/pending/k7/deny'],
  ])('`usher %s`', async (line, json, request) => {
    const { exitCode, terminal, asked } = await ask(line, answers);
    expect([exitCode, terminal.json(), asked.at(-1)]).toEqual([0, json, request]);
  });

  it.each([
    ['devices remove 12345678', 4, 'api.not-found'],
    ['devices remove 4fa1', 2, 'config.invalid'],
    ['devices remove laptop99', 2, 'config.invalid'],
    ['devices approve k8', 4, 'api.not-found'],
    ['devices approve k7 --profile Grandma', 4, 'api.not-found'],
  ])('`usher %s` ends with %i', async (line, exitCode, code) => {
    const result = await ask(`${line} --json`, answers);
    expect(result.exitCode).toBe(exitCode);
    expect(result.terminal.json()).toMatchObject({ ok: false, code });
    expect(result.asked.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  });

  it('removes nothing where the digits name several', () => {
    expect(() => chosen([device(FP), device(TWIN)], '4fa1b2c3')).toThrow(/2 devices begin/);
    expect(chosen([device(FP), device(TWIN)], '4fa1b2c3e').fingerprint).toBe(TWIN);
  });
});

describe('design §6: usher sessions', () => {
  const session = {
    session_id: '36c1aace738f9340',
    profile_id: 'operator',
    client_fp: FP,
    device_name: 'Laptop',
    started_unix: 1_800_000_000,
    codec: 'h264',
    width: 1280,
    height: 720,
    bitrate_kbps: 2500,
    rtt_ms: 1.23,
  };

  it('lists them', async () => {
    const answers = { 'GET /api/v1/sessions': { body: { sessions: [session] } } };
    expect((await ask('sessions --json', answers)).terminal.json()).toEqual({ sessions: [session] });
    expect((await ask('sessions', answers)).terminal.output.join('\n')).toMatch(
      /36c1aace738f9340 +operator +Laptop .*1280×720 h264 +2500 kbit\/s +1\.2 ms/,
    );
  });

  it.each(['end', 'reclaim'])('%s: ends one', async (word) => {
    const { terminal, asked } = await ask(`sessions ${word} 36c1aace738f9340 --json`, {
      'DELETE /api/v1/sessions/36c1aace738f9340': NOTHING,
    });
    expect(terminal.json()).toEqual({ ended: '36c1aace738f9340' });
    expect(asked).toEqual(['DELETE /api/v1/sessions/36c1aace738f9340']);
  });
});

describe('U5.6: usher usb', () => {
  const key = {
    vendor_id: '1050',
    product_id: '0407',
    manufacturer: 'Y',
    product: 'Key',
    serial: 'S1',
    bus_location: 'bus=1',
    risks: ['security-key' as const],
    extra: {},
  };

  it.each([
    ['usb allow 1050:0407', '{"vendor_id":"1050","product_id":"0407","allow":true,"prompt_on_open":false}'],
    [
      'usb allow 1050:0407 --prompt --label Key',
      '{"vendor_id":"1050","product_id":"0407","allow":true,"prompt_on_open":true,"label":"Key"}',
    ],
    ['usb block 1050:ABCD:S:1', '{"vendor_id":"1050","product_id":"abcd","serial":"S:1","allow":false,"prompt_on_open":false}'],
  ])('`usher %s`', async (line, body) => {
    const { exitCode, asked } = await ask(line, { 'POST /usb/acl/set': { body: { added: true, rules: 1 } } });
    expect([exitCode, asked]).toEqual([0, [`POST /usb/acl/set ${body}`]]);
  });

  it('lists devices and rules', async () => {
    const devices = await ask('usb list', { 'GET /usb/devices': { body: { backend: 'sim', error: null, devices: [key], count: 1 } } });
    expect(devices.terminal.output.join('\n')).toMatch(/1050:0407 +Y Key +S1 +bus=1 +security-key/);
    const rule = { vendor_id: '1050', product_id: '0407', serial: null, label: 'Key', allow: true, prompt_on_open: true };
    const acl = await ask('usb acl', { 'GET /usb/acl': { body: { default: 'deny', integrity_ok: false, rules: [rule] } } });
    expect(acl.terminal.output.join('\n')).toMatch(/1050:0407 +ask +Key\nDevices that no rule names: deny\nThe rules are not believed/);
  });

  it.each([
    [{ problem: 'x is open to others', mend: "chmod 600 'x'" }, "x is open to others\nmend: chmod 600 'x'"],
    [
      { problem: 'the signature doesn’t fit' },
      'the signature doesn’t fit\nmend: look at the file; if it says what you want: usher usb acl sign',
    ],
  ])('U3.1, U3.2: says why rules are not believed, and the one thing that mends it: %o', async (why, said) => {
    const { terminal } = await ask('usb acl', { 'GET /usb/acl': { body: { default: 'deny', integrity_ok: false, rules: [], ...why } } });
    expect(terminal.output.join('\n')).toContain(said);
    expect(terminal.output.join('\n').match(/mend:/g)).toHaveLength(1);
  });

  it.each([
    ['usb acl remove 1050:0407 --json', 'POST /usb/acl/remove', { removed: true }, '{"vendor_id":"1050","product_id":"0407"}'],
    ['usb acl sign --json', 'POST /usb/acl/sign', { signed: true, rules: 2 }, ''],
    ['usb acl default deny --json', 'POST /usb/acl/default', { default: 'deny' }, '{"policy":"deny"}'],
  ])('`usher %s`', async (line, route, answer, body) => {
    const { terminal, asked } = await ask(line, { [route]: { body: answer } });
    expect([terminal.json(), asked]).toEqual([answer, [`${route} ${body}`.trim()]]);
  });

  it('tells of what comes and goes from now on, also after the agent began anew, until Ctrl-C', async () => {
    const event = (seq: number, kind: 'added' | 'removed') => ({ seq, kind, device: key });
    const answers = [
      { last_seq: 7, events: [event(7, 'added')] },
      { last_seq: 8, events: [event(8, 'removed')] },
      { last_seq: 1, events: [] },
      { last_seq: 1, events: [event(1, 'added')] },
    ];
    const [asked, told]: [number[], string[]] = [[], []];
    const stop = new AbortController();
    const api = {
      usbEvents(since: number) {
        asked.push(since);
        const answer = answers[asked.length - 1] ?? { last_seq: 1, events: [] };
        return Promise.resolve({ ...answer, count: answer.events.length, watcher_running: true });
      },
    };
    const terminal = {
      signal: stop.signal,
      out(line: string) {
        told.push(line);
        if (told.length === 2) stop.abort();
      },
    };
    expect(await watchUsb(api, terminal, ({ seq, kind }) => `${kind} ${seq}`, 1)).toBe(2);
    expect([asked, told]).toEqual([
      [0, 7, 8, 0],
      ['removed 8', 'added 1'],
    ]);
  });

  it('prints the udev rule, and nothing else where a program reads', async () => {
    const { exitCode, terminal } = await ask('usb udev-rule 1050:04AB', {});
    expect([exitCode, terminal.output]).toEqual([
      0,
      ['SUBSYSTEM=="usb", ATTR{idVendor}=="1050", ATTR{idProduct}=="04ab", MODE="0660", GROUP="plugdev", TAG+="uaccess"'],
    ]);
  });

  it.each(['', '1050', '1050:407', '1050:0407:', 'g050:0407', '1050-0407'])('%j names no USB device', (text) => {
    expect(() => usbDevice(text)).toThrow(/VID:PID/);
  });

  it('a default that is no policy is refused', async () => {
    expect((await ask('usb acl default maybe', {})).exitCode).toBe(2);
  });
});

describe('what goes wrong', () => {
  it.each([
    [problem(429, 'api.rate-limited', 'slowly'), 5],
    [problem(401, 'api.unauthorized', 'no'), 3],
    [problem(503, 'usb.backend-unavailable', 'no agent'), 7],
    [{ status: 502, body: { html: true } }, 7],
  ])('P8.1: a failure of the API decides the exit code', async (answer, exitCode) => {
    const result = await ask('sessions --json', { 'GET /api/v1/sessions': answer });
    expect(result.exitCode).toBe(exitCode);
    expect(result.terminal.json()).toMatchObject({ ok: false });
  });

  it('P8.1: a token that is none is never sent nor shown', async () => {
    await using api = await FakeHostApi.start({});
    await writeFile(join(api.home, 'other'), 'not a token');
    const terminal = new FakeTerminal({ USHER_HOME: api.home });
    expect(await run(['pair', '--url', api.url, '--token-file', join(api.home, 'other')], terminal, packages)).toBe(1);
    expect(api.asked).toEqual([]);
    expect(terminal.errors.join('\n')).toContain('holds no token');
  });

  it('P8.1: another host on the address never sees the token', async () => {
    await using ours = await FakeHostApi.start({});
    await using stranger = await FakeHostApi.start({});
    const terminal = new FakeTerminal({ USHER_HOME: ours.home });
    expect(await run(['pair', '--url', stranger.url, '--json'], terminal, packages)).toBe(5);
    expect(terminal.json()).toMatchObject({ code: 'pairing.host-changed' });
    expect(stranger.asked).toEqual([]);
  });

  it.each([
    [{ USHER_PORT: '77777' }, 2],
    [{ USHER_PORT: 'x' }, 2],
  ])('design §6: a port that is none is said (%o)', async (environment, exitCode) => {
    await using api = await FakeHostApi.start({});
    expect(await run(['pair'], new FakeTerminal({ USHER_HOME: api.home, ...environment }), packages)).toBe(exitCode);
  });

  it('design §6: the port of config.json is the host’s', async () => {
    await using api = await FakeHostApi.start({ 'GET /api/v1/sessions': { body: { sessions: [] } } });
    await writeFile(join(api.home, 'config.json'), JSON.stringify({ port: Number(new URL(api.url).port) }));
    const terminal = new FakeTerminal({ USHER_HOME: api.home });
    expect(await run(['sessions'], terminal, packages)).toBe(0);
    expect(terminal.output).toEqual(['Nobody is in.']);
  });

  it('P8.1: the token is in no output', async () => {
    const { terminal } = await ask('sessions --json', { 'GET /api/v1/sessions': problem(500, 'internal', 'x') });
    expect([...terminal.output, ...terminal.errors].join('\n')).not.toContain(TOKEN);
  });
});

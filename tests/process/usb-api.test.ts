import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStream } from '../harness/event-stream.ts';
import { eventually } from '../harness/eventually.ts';
import { type ApiAnswer, HostProcess } from '../harness/host-process.ts';
import { descendants } from '../harness/processes.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';
import { usher } from '../harness/usher.ts';

/** USB through the API of a running host with a running agent: devices in the operator's hands, other hosts, actions; and what of it is kept. */

const KEY = { vendor_id: '1050', product_id: '0407' };
const BOARD = { vendor_id: '1209', product_id: '0001' };
const PRINTER = { vendor_id: '1209', product_id: '0002' };
const STICK = { vendor_id: '1209', product_id: '0003' };
/** Written to a device, and to be found nowhere afterwards. */
const PAYLOAD = 'a-secret-letter-that-only-the-printer-may-have';

let directory: string;
let host: HostProcess;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-usb-'));
  host = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'] });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await removeDirectory(directory);
});

const codeOf = ({ status, body }: ApiAnswer) => [status, Reader.of(body ?? {}, 'answer').optionalString('code')];

async function open(unit: object, at = host, path = '/usb/loopback/handles'): Promise<string> {
  const { status, body } = await at.api('POST', path, unit);
  expect([status, body]).toMatchObject([201, unit]);
  return Reader.of(body, 'handle').string('handle');
}

async function transfer(path: string, body: object): Promise<Buffer> {
  const answer = await host.api('POST', path, body);
  expect([answer.status, answer.body]).toEqual([200, { data: expect.any(String) as unknown }]);
  return Buffer.from(Reader.of(answer.body, 'transfer').string('data', 1_000_000), 'base64');
}

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

describe('U4.4: a device of this host in its operator’s hands', () => {
  it('U5.2: is listed, probed as AutoControl does, and given back', async () => {
    const { body } = await host.api('GET', '/usb/loopback/devices');
    expect(body).toMatchObject({ devices: [KEY, BOARD, PRINTER, STICK] });
    expect((await host.api('POST', '/usb/loopback/open', KEY)).body).toEqual({
      ok: true,
      ...KEY,
      descriptor_hex: '120100020000004050100704430501020301',
      descriptor: '1050:0407 per-interface (USB 2.00, 1 config)',
    });
    expect((await host.api('GET', '/usb/statistics')).body).toMatchObject({ claims: [] });
  });

  it('U5.2: control, interrupt and bulk transfers reach it, both ways', async () => {
    const key = await open(KEY);
    const descriptor = { bm_request_type: 0x80, b_request: 6, w_value: 0x0100, length: 18 };
    expect((await transfer(`/usb/loopback/handles/${key}/control`, descriptor)).toString('hex')).toBe(
      '120100020000004050100704430501020301',
    );
    const init = Buffer.alloc(64);
    init.set([0xff, 0xff, 0xff, 0xff, 0x86, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
    await transfer(`/usb/loopback/handles/${key}/interrupt`, { endpoint: 0x01, data: base64(init) });
    const answered = await transfer(`/usb/loopback/handles/${key}/interrupt`, { endpoint: 0x81, length: 64 });
    expect([...answered.subarray(4, 15)]).toEqual([0x86, 0, 17, 1, 2, 3, 4, 5, 6, 7, 8]); // CTAPHID INIT: the nonce comes back
    const board = await open(BOARD);
    await transfer(`/usb/loopback/handles/${board}/bulk`, { endpoint: 0x02, data: base64('echo') });
    expect((await transfer(`/usb/loopback/handles/${board}/bulk`, { endpoint: 0x81, length: 64 })).toString()).toBe('echo');
    for (const handle of [key, board]) expect((await host.api('DELETE', `/usb/loopback/handles/${handle}`)).status).toBe(204);
    expect(codeOf(await host.api('GET', `/usb/loopback/handles/${key}/descriptors`))).toEqual([404, 'api.not-found']);
  });

  it('U5.5: its descriptors come with their texts, and the statistics count it', async () => {
    const stick = await open(STICK);
    const { body } = await host.api('GET', `/usb/loopback/handles/${stick}/descriptors`);
    expect(Reader.of(body, 'raw').list('strings', 32, (one) => one.string('text'))).toContain('SIMSTICK0001');
    const { body: statistics } = await host.api('GET', '/usb/statistics');
    expect(statistics).toMatchObject({ claims: [{ viewer: 'loopback', profile_name: 'Host', ...STICK, held: true }], prompts: 0 });
    const claim = Reader.of(statistics, 'statistics').list('claims', 4, (one) => one.integer('claim', 1, 0xffff))[0] ?? 0;
    expect((await host.api('DELETE', `/usb/claims/${claim}`)).status).toBe(204);
    expect(codeOf(await host.api('DELETE', `/usb/claims/${claim}`))).toEqual([404, 'api.not-found']);
    expect(codeOf(await host.api('GET', `/usb/loopback/handles/${stick}/descriptors`))).toEqual([409, 'usb.closed']);
  });

  it('U5.6: usher usb open and descriptor show it', async () => {
    const where = ['--local', '--home', host.home, '--url', host.url];
    const opened = await usher(['usb', 'open', '1050:0407', ...where, '--json']);
    expect([opened.exitCode, opened.answer.object('device').string('product')]).toEqual([0, 'Simulated security key']);
    const tree = await usher(['usb', 'descriptor', '1209:0001', ...where]);
    expect(tree.output).toMatch(/Device 1209:0001 “Usher Simulated serial board”[\s\S]*communications[\s\S]*Endpoint 0x81 bulk in/);
    expect((await usher(['usb', 'open', 'ffff:0001', ...where, '--json'])).exitCode).toBe(4);
  });

  it('U5.6: … and as a viewer of the host, by WebRTC', async () => {
    const from = ['--from', host.url, '--key', join(directory, 'viewer.json'), '--json'];
    const opened = await usher(['usb', 'open', '1209:0001', ...from, '--pin', await host.armPin()]);
    expect([opened.exitCode, opened.answer.object('device').string('serial')]).toEqual([0, 'SIM-ACM-1']);
    const tree = await usher(['usb', 'descriptor', '1209:0003', ...from]);
    expect(tree.answer.object('configuration').list('interfaces', 8, (one) => one.string('className'))).toEqual(['mass storage']);
    const missing = await usher(['usb', 'open', 'ffff:0001', ...from]);
    expect([missing.exitCode, missing.answer.string('code')]).toEqual([4, 'usb.not-found']);
  });

  it('U2.4: a device that is held twice is busy, and free again afterwards', async () => {
    const handle = await open(PRINTER);
    expect(codeOf(await host.api('POST', '/usb/loopback/handles', PRINTER))).toEqual([409, 'usb.device-busy']);
    await host.api('DELETE', `/usb/loopback/handles/${handle}`);
    await host.api('DELETE', `/usb/loopback/handles/${await open(PRINTER)}`);
  });
});

describe('U5.3: actions', () => {
  /** The example of AutoControl's operator guide, and what its commands answer (facts/usb-wire.md §15.2). */
  const GUIDE = [
    ['AC_usb_passthrough_enable', { enabled: true }],
    ['AC_usb_acl_add', { vendor_id: '1050', product_id: '0407' }],
    ['AC_usb_loopback_open', { vendor_id: '1050', product_id: '0407' }],
  ];

  async function run(name: string, actions: unknown, ...args: readonly string[]) {
    const file = join(directory, name);
    await writeFile(file, JSON.stringify(actions));
    return usher(['run', file, '--home', host.home, '--json', ...args]);
  }

  it('U5.3: an AutoControl action file runs unchanged, and its record reads as AutoControl’s', async () => {
    const { exitCode, answer } = await run('guide.json', GUIDE);
    expect([exitCode, answer.boolean('ok')]).toEqual([0, true]);
    expect(answer.raw('record')).toEqual({
      "execute: ['AC_usb_passthrough_enable', {'enabled': True}]": { enabled: true },
      "execute: ['AC_usb_acl_add', {'vendor_id': '1050', 'product_id': '0407'}]": { added: true, rules: 1 },
      "execute: ['AC_usb_loopback_open', {'vendor_id': '1050', 'product_id': '0407'}]": expect.objectContaining({
        ok: true,
        ...KEY,
      }) as unknown,
    });
  });

  it('U5.3: every AC_usb_* action answers in its shape; one that fails stops none of the others', async () => {
    const rules = relative(process.cwd(), join(directory, 'rules.json')); // as the command sees it from where it runs
    const { exitCode, answer } = await run('all.json', {
      auto_control: [
        ['AC_list_usb_devices'],
        ['AC_usb_watch_start', { poll_interval_s: 2.0 }],
        ['AC_usb_recent_events', [0, null]],
        ['AC_usb_passthrough_status'],
        ['AC_usb_acl_list'],
        ['AC_usb_acl_add', ['1209', '0002', null, true, false, 'the printer']],
        ['AC_usb_acl_export', { path: rules }],
        ['AC_usb_acl_remove', { vendor_id: '1209', product_id: '0002' }],
        ['AC_usb_acl_set_default', { policy: 'deny' }],
        ['AC_usb_acl_import', { path: rules, replace: true }],
        ['AC_usb_loopback_list'],
        ['AC_usb_loopback_open', { vendor_id: '1209', product_id: '0003' }],
        ['AC_usb_remote_list'],
        ['AC_usb_remote_open', { vendor_id: '1050', product_id: '0407' }],
        ['AC_usb_watch_stop', {}],
      ],
    });
    const results = answer.list('results', 32, (one) => (one.has('error') ? one.object('error').string('code') : one.raw('result')));
    expect(results).toEqual([
      expect.objectContaining({ backend: 'sim', error: null, count: 4 }) as unknown,
      { running: true, interval_s: 2 },
      [],
      { enabled: true },
      { default: 'deny', integrity_ok: true, rules: [expect.objectContaining(KEY) as unknown] },
      { added: true, rules: 2 },
      { exported: true, path: rules },
      { removed: true },
      { default: 'deny' },
      { imported: 2 },
      { devices: [expect.objectContaining(KEY) as unknown, expect.objectContaining(PRINTER) as unknown] },
      'usb.denied',
      'usb.no-remote',
      'usb.no-remote',
      { running: true },
    ]);
    expect(exitCode).toBe(3); // that of the first action that failed
    expect(JSON.parse(await readFile(join(directory, 'rules.json'), 'utf8'))).toMatchObject({
      version: 1,
      default: 'deny',
      rules: [KEY, PRINTER],
    });
  });

  it('U5.2: an action that names a file of the host isn’t done for the network, and then nothing of its list is', async () => {
    const list = [
      ['AC_usb_acl_set_default', { policy: 'allow' }],
      ['AC_usb_acl_export', { path: join(directory, 'stolen.json') }],
    ];
    const { exitCode, answer } = await run('steal.json', list, '--url', host.url);
    expect([exitCode, answer.string('code')]).toEqual([3, 'api.forbidden-action']);
    expect((await host.api('GET', '/usb/acl')).body).toMatchObject({ default: 'deny' });
    expect(await readdir(directory)).not.toContain('stolen.json');
  });

  it.each([
    ['an action that there isn’t', [['AC_usb_acl_list'], ['AC_format_disk']]],
    ['a parameter too much', [['AC_usb_acl_set_default', ['deny', 'deny']]]],
    ['no list', { actions: [] }],
    ['an empty list', []],
  ])('U5.3: %s is refused before anything is done', async (_what, actions) => {
    const { exitCode, answer } = await run('bad.json', actions);
    expect([exitCode, answer.string('code')]).toEqual([2, 'message.malformed']);
  });

  it('U5.3: the local socket is the owner’s alone, and asks for the token all the same', async () => {
    const { mode } = await stat(join(host.home, 'api.sock'));
    expect(mode & 0o777).toBe(0o600);
    const file = join(directory, 'wrong-token');
    await writeFile(file, `${'0'.repeat(64)}\n`, { mode: 0o600 });
    const { exitCode, answer } = await run('guide.json', GUIDE, '--token-file', file);
    expect([exitCode, answer.string('code')]).toEqual([3, 'api.unauthorized']);
  });
});

describe('U5.1: what comes and goes', () => {
  it('U5.1: is told to whoever listens, as is that sharing was switched', async () => {
    using stream = await EventStream.open(host);
    expect(await stream.next('sharing')).toEqual({ enabled: true, running: true });
    await host.api('POST', '/usb/passthrough/enable', { enabled: false });
    expect(await stream.next('sharing')).toMatchObject({ enabled: false });
    for (const [method, path] of [
      ['GET', '/usb/devices'],
      ['GET', '/usb/loopback/devices'],
      ['GET', '/usb/statistics'],
      ['GET', '/usb/acl'],
    ] as const) {
      expect(codeOf(await host.api(method, path))).toEqual([403, 'usb.disabled']);
    }
    await host.api('POST', '/usb/passthrough/enable', {});
    await eventually('the agent', async () => ((await host.api('GET', '/usb/devices')).status === 200 ? true : undefined));
    // Between, there is news of the agent that has ended: sharing is off, and nothing runs any more.
    await stream.next('sharing', (data) => Reader.of(data, 'sharing').boolean('enabled'));
  });
});

describe('an agent that is killed', () => {
  it('U2.2: ends the transfer that waits with its reason at once; the next agent knows nothing of the handle, and works', async () => {
    const handle = await open(KEY);
    const waiting = host.api('POST', `/usb/loopback/handles/${handle}/interrupt`, { endpoint: 0x81, length: 64, timeout_ms: 60_000 });
    await eventually('the transfer', async () => {
      const { body } = await host.api('GET', '/usb/statistics');
      const [inFlight] = Reader.of(body, 'statistics').list('claims', 4, (claim) => claim.integer('in_flight', 0, 9));
      return inFlight === 1 ? true : undefined;
    });
    await killAgent();
    expect(codeOf(await waiting)).toEqual([503, 'usb.backend-unavailable']);
    await eventually('the next agent', async () => ((await host.api('GET', '/usb/devices')).status === 200 ? true : undefined));
    expect(codeOf(await host.api('GET', `/usb/loopback/handles/${handle}/descriptors`))).toEqual([404, 'api.not-found']);
    await host.api('DELETE', `/usb/loopback/handles/${await open(KEY)}`);
  });
});

describe('U5.5: another host', () => {
  it('U5.5: is compared, connected, used and forgotten, and its token is written nowhere', async () => {
    await using other = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'] });
    const token = await other.token();
    const shown = await host.api('POST', '/usb/remote/certificate', { address: other.url });
    expect(shown.body).toEqual({ address: new URL(other.url).host, fingerprint: other.fingerprint });

    const connection = { address: other.url, fingerprint: other.fingerprint, token };
    const connect = (changes: object) => host.api('POST', '/usb/remote/hosts', { ...connection, ...changes });
    expect(codeOf(await connect({ fingerprint: 'ab'.repeat(32) }))).toEqual([409, 'pairing.host-changed']);
    expect(codeOf(await connect({ token: '0'.repeat(64) }))).toEqual([403, 'usb.remote-refused']);
    expect(codeOf(await connect({ address: 'http://127.0.0.1:1/' }))).toEqual([400, 'message.malformed']);
    const byCommand = await usher(
      [
        'usb',
        'remote',
        'connect',
        other.url,
        '--fingerprint',
        other.fingerprint,
        '--token-stdin',
        '--home',
        host.home,
        '--url',
        host.url,
        '--json',
      ],
      { input: `${token}\n` },
    );
    expect(byCommand.exitCode).toBe(0);
    const id = byCommand.answer.string('id');

    const { body } = await host.api('GET', `/usb/remote/hosts/${id}/devices`);
    expect(body).toMatchObject({ devices: [KEY, BOARD, PRINTER, STICK] });
    expect((await host.api('POST', '/usb/remote/open', BOARD)).body).toMatchObject({ ok: true, ...BOARD });
    const board = await open(BOARD, host, `/usb/remote/hosts/${id}/handles`);
    await transfer(`/usb/remote/handles/${board}/bulk`, { endpoint: 0x02, data: base64('over there') });
    expect((await transfer(`/usb/remote/handles/${board}/bulk`, { endpoint: 0x81, length: 64 })).toString()).toBe('over there');
    expect((await other.api('GET', '/usb/statistics')).body).toMatchObject({ claims: [{ viewer: 'loopback', ...BOARD }] });
    expect(codeOf(await host.api('POST', `/usb/remote/hosts/${id}/handles`, BOARD))).toEqual([409, 'usb.device-busy']);
    expect((await host.api('DELETE', `/usb/remote/handles/${board}`)).status).toBe(204);

    const tree = await usher(['usb', 'descriptor', '1050:0407', '--remote', id, '--home', host.home, '--url', host.url]);
    expect(tree.output).toContain('Simulated security key');
    expect(await searchFor(token, host)).toEqual([]);
    expect((await host.api('DELETE', `/usb/remote/hosts/${id}`)).status).toBe(204);
    expect(codeOf(await host.api('POST', '/usb/remote/open', BOARD))).toEqual([409, 'usb.no-remote']);
  });

  it('U5.5: one that is gone is told so', async () => {
    const other = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'] });
    const { url, fingerprint } = other;
    const token = await other.token();
    const { body } = await host.api('POST', '/usb/remote/hosts', { address: url, fingerprint, token });
    const id = Reader.of(body, 'remote').string('id');
    await other[Symbol.asyncDispose]();
    expect(codeOf(await host.api('GET', `/usb/remote/hosts/${id}/devices`))).toEqual([502, 'host.unreachable']);
    expect(codeOf(await host.api('POST', '/usb/remote/hosts', { address: url, fingerprint, token }))).toEqual([502, 'host.unreachable']);
  });
});

describe('U3.5: what is kept of it', () => {
  it('U3.5: each OPEN and CLOSE with viewer and profile, in a chain that holds; of what was transferred, nothing', async () => {
    await host.api('POST', '/usb/acl/add', PRINTER);
    const printer = await open(PRINTER);
    await transfer(`/usb/loopback/handles/${printer}/bulk`, { endpoint: 0x01, data: base64(PAYLOAD) });
    await host.api('DELETE', `/usb/loopback/handles/${printer}`);
    await host.api('POST', '/usb/acl/remove', PRINTER);
    expect(codeOf(await host.api('POST', '/usb/loopback/open', PRINTER))).toEqual([403, 'usb.denied']);

    const audit = await usher(['audit', 'show', '--limit', '100', '--home', host.home, '--url', host.url, '--json']);
    const entries = audit.answer.list('entries', 100, (entry) => ({
      event: entry.string('event'),
      principal: entry.string('principal'),
      profile: entry.optionalString('profile'),
      device: entry.has('fields') ? entry.object('fields').optionalString('device') : undefined,
    }));
    const usb = entries.filter(({ event, device }) => event.startsWith('usb.') && device === '1209:0002').map(({ event }) => event);
    expect(usb.slice(0, 5)).toEqual(['usb.open-denied', 'usb.acl-remove', 'usb.close', 'usb.open-allowed', 'usb.acl-add']);
    expect(entries.filter(({ event }) => event === 'usb.open-allowed')).toContainEqual({
      ...{ event: 'usb.open-allowed', principal: 'operator', profile: 'operator', device: '1209:0002' },
    });
    expect(entries.map(({ event }) => event)).toContain('usb.sharing');
    const verdict = await usher(['audit', 'verify', '--home', host.home, '--url', host.url, '--json']);
    expect([verdict.exitCode, verdict.answer.boolean('ok')]).toEqual([0, true]);
    for (const text of [PAYLOAD, base64(PAYLOAD), Buffer.from(PAYLOAD).toString('hex')]) expect(await searchFor(text, host)).toEqual([]);
  });
});

async function killAgent(): Promise<void> {
  const below = host.process.pid === undefined ? [] : await descendants(host.process.pid);
  const agent = below.find(({ command }) => /usb-agent\/dist\/main\.js --home/.test(command));
  if (agent === undefined) throw new Error('no agent runs');
  process.kill(agent.pid, 'SIGKILL');
}

/** Every file of the state directory and the whole log that hold a text. */
async function searchFor(text: string, { home, log }: HostProcess & { log(): readonly string[] }): Promise<readonly string[]> {
  const names = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const found: string[] = [];
  for (const entry of names) {
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return log.call(host).some((line) => line.includes(text)) ? [...found, 'the log'] : found;
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, FakeHostApi, problem } from '../../testing/fake-host-api.ts';
import { FakeTerminal } from '../../testing/fake-terminal.ts';
import { run } from '../program.ts';

const packages = new URL('../../../', import.meta.url);
const ID = '5c1f0a93b7d2e648';
const TOKEN = 'cd'.repeat(32);
const NOTHING: FakeAnswer = { status: 204 };
const PROMPT = {
  ...{ id: ID, vendor_id: '1050', product_id: '0407', serial: 'S-1', manufacturer: 'Evil\u001b[2J', product: 'Key', bus_location: 'bus=1' },
  ...{
    risks: ['security-key'],
    label: '',
    viewer: 'ab'.repeat(32),
    viewer_name: 'Lap\u202etop',
    profile: 'operator',
    profile_name: 'Host',
  },
  ...{ since_unix: 1, expires_unix: 2 },
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-usb-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function ask(line: readonly string[], answers: Readonly<Record<string, FakeAnswer>>, input = '') {
  await using api = await FakeHostApi.start(answers);
  const terminal = new FakeTerminal({ USHER_HOME: api.home }, input);
  const exitCode = await run([...line, '--url', api.url], terminal, packages);
  return { exitCode, terminal, asked: api.asked, text: terminal.output.join('\n') };
}

describe('U3.3: usher usb prompts and answer', () => {
  it('U3.3: who wants what, how long still, and how to answer; no control characters of a stranger’s name', async () => {
    const { text, exitCode } = await ask(['usb', 'prompts'], { 'GET /usb/prompts': { body: { prompts: [PROMPT] } } });
    expect(exitCode).toBe(0);
    expect(text).toMatch(/5c1f0a93b7d2e648 +0 s +Lap·top \(Host\) wants Evil·\[2J Key \(1050:0407\), serial S-1; careful: security-key/);
    expect(text).toContain('usher usb answer QUESTION allow|deny [--remember]');
    expect((await ask(['usb', 'prompts'], { 'GET /usb/prompts': { body: { prompts: [] } } })).text).toBe('Nobody asks for a USB device.');
  });

  it.each([
    [['allow'], { allow: true, remember: false }],
    [['deny', '--remember'], { allow: false, remember: true }],
  ])('U3.3: answer %j', async (words, body) => {
    const { terminal, asked } = await ask(['usb', 'answer', ID, ...words, '--json'], { [`POST /usb/prompts/${ID}`]: NOTHING });
    expect(terminal.json()).toEqual({ answered: ID, ...body });
    expect(asked).toEqual([`POST /usb/prompts/${ID} ${JSON.stringify(body)}`]);
  });

  it.each([
    [[ID, 'maybe'], 2],
    [['7', 'allow'], 2],
    [[ID, 'allow'], 4],
  ])('U3.3: answer %j ends with %i', async (words, exitCode) => {
    const gone = { [`POST /usb/prompts/${ID}`]: problem(404, 'api.not-found', 'this question is over') };
    expect((await ask(['usb', 'answer', ...words], gone)).exitCode).toBe(exitCode);
  });
});

describe('U5.5: usher usb claims', () => {
  const claim = {
    ...{ claim: 3, viewer: 'ab'.repeat(32), viewer_name: 'Laptop', profile: 'operator', profile_name: 'Host', held: true, protocol: 'v2' },
    ...{ vendor_id: '1050', product_id: '0407', serial: null, product: 'Key', bus_location: 'bus=1', open_ms: 1, transfers: 1, errors: 0 },
    ...{ in_flight: 0, bytes_in: 2_621_440, bytes_out: 1536, bytes_in_per_second: 512, bytes_out_per_second: 0 },
  };
  const viewer = {
    ...{ viewer: claim.viewer, viewer_name: 'Laptop', profile: 'operator', profile_name: 'Host', bytes_from_viewer: 1, bytes_to_viewer: 1 },
    ...{ waiting_frames: 0, rtt_ms: 3.25, loss: 0.015 },
  };

  it('U5.5: who has what, and what moves', async () => {
    const answers = { 'GET /usb/statistics': { body: { claims: [claim], viewers: [viewer], prompts: 0 } } };
    expect((await ask(['usb', 'claims'], answers)).text).toMatch(
      /3 +1050:0407 Key +Laptop \(Host\) +2\.5 MiB \(512 B\/s\) +1\.5 KiB \(0 B\/s\) +3\.\d ms +1\.5 %/,
    );
    const none = { 'GET /usb/statistics': { body: { claims: [], viewers: [], prompts: 0 } } };
    expect((await ask(['usb', 'claims'], none)).text).toBe('No USB device is lent.');
  });

  it('U5.5: takes a device back', async () => {
    const { asked, exitCode } = await ask(['usb', 'claims', 'end', '3'], { 'DELETE /usb/claims/3': NOTHING });
    expect([exitCode, asked]).toEqual([0, ['DELETE /usb/claims/3']]);
    expect((await ask(['usb', 'claims', 'end', 'three'], {})).exitCode).toBe(2);
  });
});

describe('U5.5: usher usb remote', () => {
  const shown = { address: '192.168.1.7:9939', fingerprint: 'ef'.repeat(32) };
  const connected = { id: ID, ...shown, name: 'attic', version: '0.1.0', connected_unix: 1_800_000_000 };

  it('U5.5: says which certificate is there before any token leaves', async () => {
    const { text, asked } = await ask(['usb', 'remote', 'connect', '192.168.1.7'], { 'POST /usb/remote/certificate': { body: shown } });
    expect(text).toContain(`192.168.1.7:9939 shows ${'ef'.repeat(32)}`);
    expect(asked).toEqual(['POST /usb/remote/certificate {"address":"192.168.1.7"}']);
  });

  it('U5.5: the token comes by standard input, and is said nowhere', async () => {
    const line = ['usb', 'remote', 'connect', '192.168.1.7', '--fingerprint', shown.fingerprint, '--token-stdin'];
    const answers = { 'POST /usb/remote/hosts': { status: 201, body: connected } };
    const { exitCode, terminal, asked, text } = await ask(line, answers, `${TOKEN}\n`);
    expect([exitCode, text]).toEqual([0, `connected to attic (${ID})`]);
    expect(asked).toEqual([
      `POST /usb/remote/hosts ${JSON.stringify({ address: '192.168.1.7', fingerprint: shown.fingerprint, token: TOKEN })}`,
    ]);
    expect([...terminal.output, ...terminal.errors].join('\n')).not.toContain(TOKEN);
    expect((await ask(line.slice(0, -1), answers)).exitCode).toBe(2);
    const wrong = await ask(line, answers, 'a passphrase of another kind');
    expect([wrong.exitCode, wrong.terminal.errors.join('').includes('passphrase')]).toEqual([2, false]);
  });

  it('U5.5: lists and forgets', async () => {
    const answers = { 'GET /usb/remote/hosts': { body: { hosts: [connected] } }, [`DELETE /usb/remote/hosts/${ID}`]: NOTHING };
    expect((await ask(['usb', 'remote'], answers)).text).toContain('attic');
    expect((await ask(['usb', 'remote', 'disconnect', ID], answers)).exitCode).toBe(0);
    expect((await ask(['usb', 'remote'], { 'GET /usb/remote/hosts': { body: { hosts: [] } } })).text).toBe('No other host is connected.');
  });
});

describe('U5.6: usher usb open and descriptor', () => {
  const handle = { handle: ID, vendor_id: '1050', product_id: '0407', serial: null, opened_unix: 1 };
  const at = '/usb/loopback/handles';
  const answers = {
    [`POST ${at}`]: { status: 201, body: handle },
    [`GET ${at}/${ID}/descriptors`]: {
      body: {
        device_hex: '120100020000004050100704430501020301',
        configuration_hex: '0902190001010080320904000001ff00000007058102400000',
        strings: [{ index: 2, text: 'Key\u001b[2J' }],
      },
    },
    [`DELETE ${at}/${ID}`]: NOTHING,
  };

  it('U5.6: opens, reads and gives back; as one line, or as a tree', async () => {
    const opened = await ask(['usb', 'open', '1050:0407', '--local'], answers);
    expect(opened.text).toBe('1050:0407 Key·[2J (USB 2.00)');
    expect(opened.asked.map((request) => request.split(' ')[0])).toEqual(['POST', 'GET', 'DELETE']);
    const { text } = await ask(['usb', 'descriptor', '1050:0407', '--local'], answers);
    expect(text.split('\n').slice(0, 2)).toEqual([
      'Device 1050:0407 “Key·[2J”',
      '  USB 2.00, per interface, release 5.43, 1 configuration(s)',
    ]);
    expect(text).toContain('    Interface 0 (vendor specific, ff/00/00)\n      Endpoint 0x81 bulk in, 64 bytes');
  });

  it('U5.6: a device that fails is given back all the same', async () => {
    const failing = { ...answers, [`GET ${at}/${ID}/descriptors`]: problem(409, 'usb.stall', 'stalled') };
    const { exitCode, asked } = await ask(['usb', 'descriptor', '1050:0407', '--local'], failing);
    expect([exitCode, asked.at(-1)]).toEqual([5, `DELETE ${at}/${ID}`]);
  });

  it.each([
    [['1050:0407']],
    [['1050:0407', '--local', '--remote', ID]],
    [['1050:0407', '--from', 'https://127.0.0.1:1/']],
    [['1050', '--local']],
  ])('U5.6: %j isn’t understood', async (words) => {
    expect((await ask(['usb', 'open', ...words], answers)).exitCode).toBe(2);
  });
});

describe('U5.3: usher run', () => {
  const route = 'POST /api/v1/actions/run';

  async function runs(text: string, answer: FakeAnswer, ...more: readonly string[]) {
    const file = join(directory, 'actions.json');
    await writeFile(file, text);
    const { asked, ...rest } = await ask(['run', file, ...more], { [`${route}?directory=${encodeURIComponent(process.cwd())}`]: answer });
    return { ...rest, asked };
  }

  it('U5.3: sends the file as it is, and says what came of each action', async () => {
    const results = [
      { action: 'AC_usb_acl_list', ok: true, result: { default: 'deny' } },
      { action: 'AC_usb_loopback_open', ok: false, error: { code: 'usb.denied', message: 'denied\u001b[2J' } },
    ];
    const { text, exitCode, asked } = await runs('[["AC_usb_acl_list"]]', { body: { ok: false, results, record: {} } });
    expect(text).toBe('done    AC_usb_acl_list {"default":"deny"}\nfailed  AC_usb_loopback_open usb.denied: denied·[2J');
    expect(exitCode).toBe(3);
    expect(asked[0]).toContain('[["AC_usb_acl_list"]]');
  });

  it.each([
    ['no JSON', 'AC_usb_acl_list'],
    ['too much', `["${'x'.repeat(70_000)}"]`],
  ])('U5.3: %s isn’t sent', async (_what, text) => {
    const { exitCode, asked } = await runs(text, NOTHING);
    expect([exitCode, asked]).toEqual([2, []]);
  });

  it('U5.3: a file that isn’t there is told', async () => {
    expect((await ask(['run', join(directory, 'none.json')], {})).exitCode).toBe(2);
  });
});

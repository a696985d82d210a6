import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SerialBoard } from '../../packages/usb-agent/src/backends/sim/serial-board.ts';
import { FakeUsbfs } from '../../packages/usb-agent/testing/usbfs/fake-usbfs.ts';
import { HostProcess } from '../harness/host-process.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';
import { usher } from '../harness/usher.ts';

/** The CLI as a viewer, by WebRTC: what a host lends, what comes and goes of it, and what it says all the time. */

const KEY = { vendor_id: '1050', product_id: '0407' };
const BOARD = '1209:0001';
/** Two slow cores that also run other tests. */
const PATIENCE = { timeout: 20_000 } as const;

let directory: string;
let host: HostProcess;
let from: readonly string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-borrow-'));
  host = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'sim'] });
  await host.api('POST', '/usb/acl/default', { policy: 'allow' }); // without a rule everything simulated is lent; the first rule ends that
  from = ['--from', host.url, '--key', join(directory, 'viewer.json'), '--json'];
  expect((await usher(['usb', 'list', ...from, '--pin', await host.armPin()])).exitCode).toBe(0);
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await removeDirectory(directory);
});

describe('U5.6: usher usb as a viewer of a host', () => {
  it('U5.6: lists what the host lends', async () => {
    const { answer } = await usher(['usb', 'list', ...from]);
    const ids = answer.list('devices', 16, (one) => `${one.string('vendor_id')}:${one.string('product_id')}`);
    expect(ids).toEqual(['1050:0407', BOARD, '1209:0002', '1209:0003']);
  });

  it('U5.6, U21: tells what there is, and then what comes and goes, until Ctrl-C', async () => {
    const over = new AbortController();
    const lines: string[] = [];
    const ended = usher(['usb', 'watch', ...from], { answered: (line) => lines.push(line), interrupt: over.signal });
    await expect.poll(() => lines.map(changeOf), PATIENCE).toEqual(['+1050', '+1209', '+1209', '+1209']);
    await host.api('POST', '/usb/acl/set', { ...KEY, allow: false });
    await expect.poll(() => changeOf(lines.at(-1) ?? '{}'), PATIENCE).toBe('-1050');
    await host.api('POST', '/usb/acl/set', { ...KEY, allow: true });
    await expect.poll(() => changeOf(lines.at(-1) ?? '{}'), PATIENCE).toBe('+1050');
    over.abort();
    const { exitCode, answer } = await ended;
    expect([exitCode, answer.integer('events', 0, 100)]).toEqual([0, lines.length - 1]);
  });

  it('U5.6: a watch says why it ends when the host takes the session away', async () => {
    const lines: string[] = [];
    const ended = usher(['usb', 'watch', ...from], { answered: (line) => lines.push(line) });
    await expect.poll(() => lines, PATIENCE).not.toEqual([]);
    const { body } = await host.api('GET', '/api/v1/sessions');
    for (const id of Reader.of(body, 'sessions').list('sessions', 8, (one) => one.string('session_id'))) {
      await host.api('DELETE', `/api/v1/sessions/${id}`);
    }
    const { exitCode, answer } = await ended;
    expect(exitCode).not.toBe(0);
    expect(answer.string('code')).toMatch(/^session\./);
  });

  it('U19: chooses a configuration and an alternate setting first; what the device lacks is an error', async () => {
    expect((await usher(['usb', 'open', BOARD, ...from, '--configuration', '1', '--alternate', '0:0', '1:0'])).exitCode).toBe(0);
    expect((await usher(['usb', 'open', BOARD, ...from, '--configuration', '7'])).exitCode).not.toBe(0);
    expect((await usher(['usb', 'open', BOARD, ...from, '--alternate', '1'])).exitCode).toBe(2);
    const local = ['--local', '--home', host.home, '--url', host.url, '--json'];
    expect((await usher(['usb', 'open', BOARD, ...local, '--configuration', '1', '--alternate', '1:0'])).exitCode).toBe(0);
    expect((await usher(['usb', 'open', BOARD, ...local, '--alternate', '1:9'])).exitCode).not.toBe(0);
  });

  it('U20: has an endpoint read all the time, and gives the device back at Ctrl-C', async () => {
    const over = new AbortController();
    const ended = usher(['usb', 'listen', BOARD, '0x83', ...from, '--length', '16'], { interrupt: over.signal });
    await expect.poll(() => inFlight(), PATIENCE).toBeGreaterThan(0);
    over.abort();
    const { exitCode, answer } = await ended;
    expect([exitCode, answer.integer('reports', 0, 10)]).toEqual([0, 0]);
    await expect.poll(() => inFlight(), PATIENCE).toBe(0);
    expect((await usher(['usb', 'listen', BOARD, '0x02', ...from])).exitCode).toBe(2);
  });
});

describe('U4.4: usher usb by the streams of a program that lends', () => {
  const ours = ['--through', `"${process.execPath}" packages/cli/dist/main.js usb stdio --backend sim`, '--json'];
  const plain = [
    '--through',
    `"${process.execPath}" --conditions=@usher/source --import tsx packages/usb-agent/testing/independent/plain-host-process.ts`,
    '--json',
  ];
  const env = { USHER_HOME: join(tmpdir(), 'usher-nobody') };

  it('U4.4: our own host’s side: lists, opens, tells what there is', async () => {
    const { exitCode, answer } = await usher(['usb', 'list', ...ours], { env });
    expect([exitCode, answer.list('devices', 16, (one) => one.string('product_id'))]).toEqual([0, ['0407', '0001', '0002', '0003']]);
    const opened = await usher(['usb', 'open', BOARD, ...ours, '--configuration', '1'], { env });
    expect([opened.exitCode, opened.answer.object('device').string('serial')]).toEqual([0, 'SIM-ACM-1']);
  });

  it('U1.9: a host that shares no code with ours, speaks the base protocol only, and serves sixteen transfers', async () => {
    const { answer } = await usher(['usb', 'list', ...plain]);
    expect(answer.list('devices', 16, (one) => `${one.string('vendor_id')} ${one.string('serial')}`)).toEqual(['1050 A1']);
    const opened = await usher(['usb', 'open', '1050:0407', ...plain]);
    expect([opened.exitCode, opened.answer.object('device').string('vendorId')]).toEqual([0, '1050']);
    const denied = await usher(['usb', 'open', BOARD, ...plain]);
    expect([denied.exitCode, denied.answer.string('code')]).toEqual([3, 'usb.denied']);
    const mute = await usher(['usb', 'watch', ...plain]);
    expect([mute.exitCode, mute.answer.string('code')]).toEqual([8, 'usb.unsupported']);
    const set = await usher(['usb', 'open', '1050:0407', ...plain, '--configuration', '1']);
    expect([set.exitCode, set.answer.string('code')]).toEqual([8, 'usb.unsupported']);
  });

  it('U7.3: the hardware matrix tries everything, and writes its report', async () => {
    const report = join(directory, 'matrix.md');
    const { exitCode, answer } = await usher(['usb', 'matrix', BOARD, ...ours, '--report', report], { env });
    const rows = answer.list('rows', 32, (row) => [row.string('check'), row.string('outcome'), row.string('detail')] as const);
    expect([exitCode, rows.filter(([, outcome]) => outcome === 'failed')]).toEqual([0, []]);
    const found = new Map(rows.map(([check, , detail]) => [check, detail]));
    expect(found.get('says what it is')).toBe('communications, bulk, composite');
    expect(found.get('control transfers')).toMatch(/^median \d+\.\d ms/);
    expect([...found.keys()]).toEqual(
      expect.arrayContaining(['interrupt endpoint 0x83', 'bulk endpoint 0x81', 'busy for somebody else', 'opened again']),
    );
    expect(await readFile(report, 'utf8')).toMatch(
      /^# USB hardware matrix: 1209:0001\n[\s\S]*\| pulled while it is used \| not applicable \|[\s\S]*Nothing failed\.\n$/,
    );
  });

  it.skipIf(FakeUsbfs.missing() !== undefined)('U7.3: … over the real libusb, and asks for the cable to be pulled', async () => {
    const bus = new FakeUsbfs();
    const board = new SerialBoard();
    const device = await bus.plug(board, 'cdc_acm');
    const acl = join(directory, 'rules.json');
    await writeFile(acl, JSON.stringify({ version: 1, default: 'deny', rules: [{ vendor_id: '1209', product_id: '0001' }] }), {
      mode: 0o600,
    });
    const real = ['--through', `"${process.execPath}" packages/cli/dist/main.js usb stdio --backend libusb --acl "${acl}"`, '--json'];
    try {
      const { answer } = await usher(['usb', 'matrix', BOARD, ...real, '--unplug'], {
        env: bus.environment,
        heard: (line) => {
          if (line === `Pull the cable of ${BOARD} now.`) bus.unplug(board);
        },
      });
      const rows = answer.list('rows', 32, (row) => [row.string('check'), row.string('outcome'), row.string('detail')]);
      expect(rows.filter(([, outcome]) => outcome === 'failed')).toEqual([]);
      expect(rows.at(-1)).toEqual(['pulled while it is used', 'passed', 'the claim ended']);
      expect(device.claimed).toBe(0);
    } finally {
      await bus.close();
    }
  });

  it('U7.3: what fails is in the report, and in the exit code', async () => {
    const { exitCode, answer } = await usher(['usb', 'matrix', '1209:0009', ...ours], { env });
    expect([exitCode, answer.boolean('ok')]).toEqual([1, false]);
    expect(answer.list('rows', 8, (row) => row.string('outcome'))).toEqual(['failed', 'failed']);
  });

  it.each([
    ['ends at once', 'exit 3'],
    ['isn’t there', 'no-such-program-of-ours'],
    ['says something else', 'echo no frame; cat > /dev/null'],
  ])('U4.2: a command that %s is an error at once', async (_what, command) => {
    const { exitCode, answer } = await usher(['usb', 'list', '--through', command, '--json']);
    expect([exitCode, answer.string('code')]).toEqual([7, 'session.transport']);
  });
});

function changeOf(line: string): string {
  const change = Reader.json(line, 'change');
  return `${change.word('kind', ['added', 'removed']) === 'added' ? '+' : '-'}${change.object('device').string('vendor_id')}`;
}

async function inFlight(): Promise<number> {
  const { body } = await host.api('GET', '/usb/statistics');
  return Reader.of(body, 'statistics')
    .list('claims', 8, (one) => one.integer('in_flight', 0, 1000))
    .reduce((total, count) => total + count, 0);
}

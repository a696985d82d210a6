import { Buffer } from 'node:buffer';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsbClient } from '@usher/usb';
import { codeOf } from '@usher/usb/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectorySync } from '../../../../tests/harness/temporary-directory.ts';
import { readFrom, writeTo } from '../../testing/independent/plain-frames.ts';
import { PlainViewer } from '../../testing/independent/plain-viewer.ts';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const RUN = ['--conditions=@usher/source', '--import', 'tsx'];
const BOARD = { vendor_id: '1209', product_id: '0001' };
const STICK = { vendor_id: '1209', product_id: '0003' };
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 7) & 0xff));

let child: ChildProcess;

function start(...arguments_: readonly string[]): ChildProcess {
  child = spawn(process.execPath, [...RUN, ...arguments_], { cwd: REPOSITORY, stdio: ['pipe', 'pipe', 'ignore'] });
  return child;
}

function streamsOf({ stdin, stdout }: ChildProcess) {
  if (stdin === null || stdout === null) throw new TypeError('it was started with pipes');
  return { stdin, stdout };
}

afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
});

describe('U1.9: a viewer that shares no code with ours, against usher usb stdio', () => {
  const home = mkdtempSync(join(tmpdir(), 'usher-interop-'));
  let viewer: PlainViewer;

  beforeEach(() => {
    const acl = join(home, 'rules.json');
    const rules = [{ ...BOARD }, { ...STICK, prompt_on_open: true }];
    writeFileSync(acl, JSON.stringify({ version: 1, default: 'deny', rules }), { mode: 0o600 });
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const { stdin, stdout } = streamsOf(start(main, 'stdio', '--home', home, '--backend', 'sim', '--acl', acl));
    viewer = new PlainViewer(stdout, stdin);
  });
  afterAll(() => removeDirectorySync(home));

  async function opened(): Promise<{ readonly claim: number; readonly token: string }> {
    const { ok, claim_id: claim, resume_token: token } = await viewer.open(BOARD);
    if (ok !== true || claim === undefined || token === undefined) throw new Error('not opened');
    return { claim, token };
  }

  it('lists, opens, reads the device descriptor, writes and reads, closes', async () => {
    const { devices = [] } = await viewer.list();
    expect(devices.map(({ product_id }) => product_id)).toEqual(['0001', '0003']);
    const { claim } = await opened();
    const descriptor = await viewer.transfer('control', claim, {
      ...{ bm_request_type: 0x80, b_request: 6, w_value: 0x0100, w_index: 0, timeout_ms: 1000, length: 18 },
    });
    expect(Buffer.from(descriptor.data ?? '', 'base64').toString('hex')).toMatch(/^1201000202000040091201/);
    const written = await viewer.transfer('bulk', claim, {
      endpoint: 2,
      direction: 'out',
      timeout_ms: 1000,
      data: bytes(600).toString('base64'),
    });
    expect(written).toEqual({ ok: true, data: '' });
    const read = await viewer.transfer('bulk', claim, { endpoint: 0x81, direction: 'in', timeout_ms: 1000, length: 600 });
    expect(Buffer.from(read.data ?? '', 'base64')).toEqual(bytes(600));
    expect(await viewer.close(claim)).toEqual({ ok: true });
    expect(viewer.unasked).toEqual([]);
  });

  it('reads 40,000 bytes in one transfer, in fragments', async () => {
    const { claim } = await opened();
    for (let part = 0; part < 4; part += 1) {
      const data = bytes(40_000)
        .subarray(part * 10_000, (part + 1) * 10_000)
        .toString('base64');
      await viewer.transfer('bulk', claim, { endpoint: 2, direction: 'out', timeout_ms: 1000, data });
    }
    const { ok, data = '' } = await viewer.transfer('bulk', claim, { endpoint: 0x81, direction: 'in', timeout_ms: 1000, length: 40_000 });
    expect([ok, Buffer.from(data, 'base64').equals(bytes(40_000))]).toEqual([true, true]);
  });

  it('stalls, times out and refuses in words, and goes on', async () => {
    const { claim } = await opened();
    const transfer = { timeout_ms: 50, w_value: 0, w_index: 0 };
    expect(await viewer.transfer('control', claim, { bm_request_type: 0xc0, b_request: 0x77, length: 8, ...transfer })).toMatchObject({
      ok: false,
    });
    expect(await viewer.transfer('bulk', claim, { endpoint: 0x81, direction: 'in', timeout_ms: 50, length: 8 })).toMatchObject({
      ok: false,
    });
    expect(await viewer.transfer('bulk', claim, { endpoint: 0x81, direction: 'up', timeout_ms: 50 })).toEqual({
      ok: false,
      error: "direction must be 'in' or 'out', got 'up'",
    });
    expect(await viewer.open({ vendor_id: '1050', product_id: '0407' })).toEqual({ ok: false, error: 'denied by ACL policy' });
    expect(await viewer.open(STICK)).toMatchObject({ ok: false });
    expect(await viewer.close(99)).toEqual({ error: 'unknown claim_id 99' });
    expect(await viewer.noise(Buffer.from([1]))).toEqual({ error: 'bad frame: frame too short (1B); need at least 4' });
    expect(await viewer.transfer('control', claim, { bm_request_type: 0x80, b_request: 8, length: 1, ...transfer })).toEqual({
      ok: true,
      data: 'AQ==',
    });
  });

  it('serves a claim many more transfers than sixteen, because each credit comes back', async () => {
    const { claim } = await opened();
    for (let turn = 0; turn < 40; turn += 1) {
      const reply = await viewer.transfer('control', claim, {
        ...{ bm_request_type: 0x80, b_request: 8, w_value: 0, w_index: 0, timeout_ms: 1000, length: 1 },
      });
      expect(reply).toEqual({ ok: true, data: 'AQ==' });
    }
  });

  it('resumes with the same claim and another token, once', async () => {
    const { claim, token } = await opened();
    const resumed = await viewer.resume(token);
    expect(resumed).toMatchObject({ ok: true, claim_id: claim });
    expect(resumed.resume_token).not.toBe(token);
    expect(await viewer.resume(token)).toMatchObject({
      ok: false,
      error: expect.stringContaining('unknown or expired resume token') as string,
    });
    const read = { bm_request_type: 0x80, b_request: 8, w_value: 0, w_index: 0, timeout_ms: 1000, length: 1 };
    expect(await viewer.transfer('control', claim, read)).toMatchObject({ ok: true });
    expect(await viewer.close(claim)).toEqual({ ok: true });
  });
});

describe('U1.9: our viewer against a host that shares no code with it', () => {
  let client: UsbClient;

  beforeEach(() => {
    const { stdin, stdout } = streamsOf(start(fileURLToPath(new URL('../../testing/independent/plain-host-process.ts', import.meta.url))));
    client = new UsbClient({ send: (frame) => writeTo(stdin, Buffer.from(frame)) });
    readFrom(stdout, (frame) => client.receive(frame));
  });

  it('lists, opens, transfers in the base protocol, closes', async () => {
    expect(await client.list()).toEqual([{ vendorId: '1050', productId: '0407', serial: 'A1', busLocation: 'bus=1 addr=2' }]);
    const claim = await client.open({ vendorId: '1050', productId: '0407' });
    expect(await claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 })).toHaveLength(18);
    await claim.bulk({ endpoint: 2, data: bytes(40_000) });
    expect(Buffer.from(await claim.bulk({ endpoint: 0x81, length: 40_000 }))).toEqual(bytes(40_000));
    expect(await codeOf(claim.bulk({ endpoint: 0x8f, length: 8 }))).toBe('usb.transfer-failed');
    expect(await codeOf(claim.subscribe({ endpoint: 0x81, length: 8 }))).toBe('usb.unsupported');
    expect(await codeOf(claim.configure({ action: 'reset' }))).toBe('usb.unsupported');
    await claim.close();
  });

  it('usb-wire §0, row 2: says what a host that never refills credits does, and opens the device again', async () => {
    const claim = await client.open({ vendorId: '1050', productId: '0407' });
    for (let turn = 0; turn < 16; turn += 1) await claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 });
    expect(await codeOf(claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 }))).toBe('usb.credit-exhausted');
    await claim.close();
    const again = await client.open({ vendorId: '1050', productId: '0407' });
    expect(await again.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 })).toHaveLength(18);
  });

  it('resumes, is refused by code, and asks for no news that such a host can’t tell', async () => {
    const claim = await client.open({ vendorId: '1050', productId: '0407' });
    const resumed = await client.resume(claim.resumeToken);
    expect(resumed.claim).toBe(claim.claim);
    expect(await codeOf(client.resume('nobody’s'))).toBe('usb.closed');
    expect(await codeOf(client.open({ vendorId: '1209', productId: '0001' }))).toBe('usb.denied');
    expect(await client.watch(() => undefined)).toMatchObject({ tellsNews: false });
  });
});

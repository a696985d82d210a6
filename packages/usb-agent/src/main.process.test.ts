import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { envelope, isCoded } from '@usher/protocol';
import { parseDeviceDescriptor } from '@usher/usb';
import { afterEach, describe, expect, it } from 'vitest';
import { Stopwatch } from '../../../tests/harness/stopwatch.ts';
import { AgentProcess } from '../testing/agent-process.ts';

const KEY = { vendorId: '1050', productId: '0407' };

let agent: AgentProcess;
afterEach(() => agent.stop());

async function started(backend = 'sim', prepare: (home: string) => Promise<void> = () => Promise.resolve()): Promise<AgentProcess> {
  agent = new AgentProcess(backend);
  await prepare(agent.home);
  return agent;
}

describe('the agent process', () => {
  it('U1.3–U1.7: a viewer lists, opens, reads a descriptor, closes and leaves, over the real link', async () => {
    await started();
    expect(await agent.waitFor('ready')).toEqual({ type: 'ready', backend: 'sim' });
    const viewer = agent.attach(1);
    expect((await viewer.list()).map(({ vendorId, productId }) => `${vendorId}:${productId}`)).toEqual([
      '1050:0407',
      '1209:0001',
      '1209:0002',
      '1209:0003',
    ]);
    const key = await viewer.open(KEY);
    const descriptor = await key.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 });
    expect(descriptor).toHaveLength(18);
    expect(parseDeviceDescriptor(descriptor)).toMatchObject(KEY);
    await key.close();
    agent.send({ type: 'detach', link: 1 });
    expect(await agent.request('devices')).toMatchObject({ backend: 'sim', error: null, count: 4 });
    agent.endInput();
    expect(await agent.ended).toBe(0);
    expect(agent.log).not.toContain('resume_token');
  });

  it('U1.8: a claim is resumed on another link of the same viewer', async () => {
    await started();
    const key = await agent.attach(1).open(KEY);
    agent.send({ type: 'detach', link: 1 });
    const resumed = await agent.attach(2).resume(key.resumeToken);
    expect(resumed.claim).toBe(key.claim);
    expect(await resumed.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 })).toHaveLength(18);
  });

  it.each([
    ['the end of its input', () => agent.endInput()],
    ['SIGTERM', () => agent.kill('SIGTERM')],
  ])('P6.7: ends within two seconds of %s, with claims open and a transfer under way', async (_name, end) => {
    await started();
    const viewer = agent.attach(1);
    const board = await viewer.open({ vendorId: '1209', productId: '0001' });
    void board.bulk({ endpoint: 0x81, length: 8, timeoutMs: 60_000 }).catch(() => undefined); // the agent's end leaves it unanswered
    await viewer.list();
    using stopwatch = new Stopwatch();
    end();
    expect(await agent.ended).toBe(0);
    expect(stopwatch.elapsedMs).toBeLessThan(2000);
  });

  it('A1: noise on its link ends it, because nothing after it can be understood', async () => {
    await started();
    await agent.waitFor('ready');
    agent.sendRaw(envelope(Uint8Array.of(0x7f, 0, 0, 0, 0)));
    expect(await agent.ended).toBe(1);
  });

  it('U3.1: without rules, the libusb backend lends nothing, and says what it has', async () => {
    await started('libusb');
    const ready = await agent.waitFor('ready');
    expect(ready.backend).toBe('libusb');
    const viewer = agent.attach(1);
    expect(await viewer.list().catch((error: unknown) => (isCoded(error, 'usb.backend-unavailable') ? [] : error))).toEqual([]);
    expect(await agent.request('acl.get')).toEqual({ default: 'deny', integrity_ok: true, rules: [] });
    const failure = await viewer.open(KEY).catch((error: unknown) => error);
    expect(isCoded(failure, 'usb.denied')).toBe(true);
  });

  it('U3.1: rules that can not be read refuse everything, are reported, and are kept', async () => {
    await started('sim', (home) => writeFile(join(home, 'usb_acl.json'), '{"version": 1, "default": "allow"', { mode: 0o600 }));
    const viewer = agent.attach(1);
    expect(await viewer.list()).toEqual([]);
    const rules = await agent.request('acl.get');
    expect(rules).toMatchObject({ default: 'deny', integrity_ok: false });
    expect(JSON.stringify(rules)).toContain('not JSON');
    await expect.poll(() => agent.log).toContain('nothing is lent');
  });

  it('U2.6, U3.1: the first rule of a simulation denies everything else, also to real devices at the next start', async () => {
    await started();
    expect(await agent.request('acl.get')).toMatchObject({ default: 'allow' });
    await agent.request('acl.add', { vendor_id: '1050', product_id: '0407' });
    expect(await agent.request('acl.get')).toMatchObject({ default: 'deny', rules: [{ vendor_id: '1050' }] });
    const { default: stored } = JSON.parse(await readFile(join(agent.home, 'usb_acl.json'), 'utf8')) as { default: unknown }; // compared below
    expect(stored).toBe('deny');
  });

  it('U3.2: a hand edit of signed rules ends what is open and refuses everything, until they are signed', async () => {
    await started();
    const viewer = agent.attach(1);
    await agent.request('acl.add', { vendor_id: '1050', product_id: '0407' });
    const key = await viewer.open(KEY);
    const rules = join(agent.home, 'usb_acl.json');
    await writeFile(rules, (await readFile(rules, 'utf8')).replace('"label": ""', '"label": "mine"'), { mode: 0o600 });

    expect(await key.closed).toBeDefined();
    expect(await agent.request('acl.get')).toMatchObject({ default: 'deny', integrity_ok: false, rules: [] });
    await expect.poll(() => agent.log).toContain('signature doesn');
    agent.send({ type: 'request', id: 99, method: 'acl.default', params: { policy: 'allow' } });
    expect(await agent.waitFor('failed-reply')).toMatchObject({ id: 99, code: 'store.unreadable' });

    expect(await agent.request('acl.sign')).toEqual({ signed: true, rules: 1 });
    await (await viewer.open(KEY)).close();
  });

  it('U2.6: a backend that nobody knows is a usage error', async () => {
    await started('magic');
    expect(await agent.ended).toBe(2);
    expect(agent.log).toContain('--backend auto|libusb|sim');
  });
});

import type { Acl } from '@usher/domain';
import { CodedError, encodeFrame, Op, profileId } from '@usher/protocol';
import { settle } from '@usher/usb/testing';
import { describe, expect, it } from 'vitest';
import { LAPTOP, LinkBench, PHONE } from '../testing/link-bench.ts';
import { MemoryAclFile } from '../testing/memory-acl-file.ts';
import { AclStore } from './acl-store.ts';
import { UnavailableBackend } from './backends/libusb/unavailable-backend.ts';
import { SerialBoard } from './backends/sim/serial-board.ts';
import { SimBackend } from './backends/sim/sim-backend.ts';
import { HotplugLog } from './hotplug-log.ts';

const ALLOW_ALL: Acl = { default: 'allow', rules: [] };
const KID = profileId('00000000000a');
const BOARD = { vendor_id: '1209', product_id: '0001' };

describe('links', () => {
  it('A3: each viewer has its own conversation', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.attach(2, PHONE);
    agent.say(1, Op.Open, 0, BOARD);
    expect(await agent.heard(1)).toEqual([expect.stringMatching(/^3 1 {"ok": true/)]);
    agent.say(2, Op.Close, 1);
    agent.say(2, Op.List, 0);
    expect(await agent.heard(2)).toEqual(['255 1 {"error": "unknown claim_id 1"}', expect.stringMatching(/^1 0 {"devices"/)]);
    expect(await agent.heard(1)).toEqual([]);
    expect(agent.audited).toEqual([
      {
        event: 'usb_open_allowed',
        vendorId: '1209',
        productId: '0001',
        serial: 'SIM-ACM-1',
        claim: 1,
        detail: 'the default',
        viewer: LAPTOP,
        viewerName: 'Laptop',
        profile: 'operator',
      },
      { event: 'usb_error', claim: 1, detail: 'unknown claim_id 1', viewer: PHONE, viewerName: 'Laptop', profile: 'operator' },
    ]);
    expect(agent.sent.filter((message) => message.type === 'audit').map(({ row }) => row)).toEqual(agent.audited);
  });

  it('A3: frames of a link that was detached, or never attached, go nowhere', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.server.receive({ type: 'detach', link: 1 });
    agent.server.receive({ type: 'detach', link: 7 });
    agent.say(1, Op.List, 0);
    agent.say(7, Op.List, 0);
    await settle();
    expect(agent.sent).toEqual([]);
  });

  it('U1.8: a claim outlives its link, and is resumed on the viewer’s next one', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.say(1, Op.Open, 0, BOARD);
    const [opened = ''] = await agent.heard(1);
    agent.server.receive({ type: 'detach', link: 1 });
    agent.attach(2);
    agent.say(2, Op.Resume, 0, { resume_token: /"resume_token": "([0-9a-f]+)"/.exec(opened)?.[1] });
    expect(await agent.heard(2)).toEqual([expect.stringMatching(/^3 1 {"ok": true/)]);
  });

  it('U1.11: strikes are the viewer’s, whatever link they came over', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    for (let strike = 0; strike < 20; strike += 1) agent.server.receive({ type: 'frame', link: 1, frame: Uint8Array.of(1) });
    agent.attach(2);
    agent.attach(3, PHONE);
    agent.say(2, Op.List, 0);
    agent.say(3, Op.List, 0);
    expect((await agent.heard(2))[0]).toContain('locked out');
    expect((await agent.heard(3))[0]).not.toContain('locked out');
  });

  it('A3: more viewers than the agent serves, or a number twice, are refused', async () => {
    const agent = await LinkBench.start();
    for (let link = 1; link <= 65; link += 1) agent.attach(link);
    agent.attach(1);
    await settle();
    expect(agent.sent.map((message) => (message.type === 'detached' ? [message.link, message.code] : message.type))).toEqual([
      [65, 'session.limit'],
      [1, 'session.limit'],
    ]);
  });

  it('usb-field §7, row 13: a viewer that never reads is given up, and its claim waits', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.say(1, Op.Open, 0, BOARD);
    await agent.heard(1);
    agent.gate = new Promise(() => undefined);
    // Noise is answered without credits: it is what a hostile viewer would send.
    const noise = encodeFrame({ op: Op.Control, flags: 0, claim: 999, payload: new Uint8Array() });
    for (let frame = 0; frame < 1100; frame += 1) agent.server.receive({ type: 'frame', link: 1, frame: noise });
    const [last] = agent.sent.filter((message) => message.type === 'detached');
    expect(last).toMatchObject({ link: 1, code: 'session.viewer-too-slow' });
    expect(agent.claims.all().map((claim) => claim.holder)).toEqual([undefined]);
  });
});

describe('access', () => {
  it('U3.4: rules are those of the viewer’s profile', async () => {
    const rule = { vendorId: '1209', productId: '0001', serial: undefined, label: '', allow: true, promptOnOpen: false, profile: KID };
    const agent = await LinkBench.start({ default: 'deny', rules: [rule] });
    agent.attach(1);
    agent.attach(2, PHONE, KID);
    agent.say(1, Op.List, 0);
    agent.say(2, Op.List, 0);
    agent.say(1, Op.Open, 0, BOARD);
    agent.say(2, Op.Open, 0, BOARD);
    expect([...(await agent.heard(1))].sort()).toEqual(['1 0 {"devices": []}', '3 0 {"ok": false, "error": "denied by ACL policy"}']);
    expect([...(await agent.heard(2))].sort()).toEqual([expect.stringContaining('"1209"'), expect.stringContaining('"ok": true')]);
  });

  it('design §5: a right that is taken back ends the claim at once', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.say(1, Op.Open, 0, BOARD);
    await agent.heard(1);
    await agent.ask('acl.add', { ...BOARD, allow: false });
    expect(await agent.heard(1)).toEqual(['9 1 {"ok": false, "error": "denied by ACL policy"}']);
    expect(agent.claims.all()).toEqual([]);
  });
});

describe('requests', () => {
  it('U3.3: a device says what lending it may do, before anybody asks for it', async () => {
    const agent = await LinkBench.start();
    const { devices } = (await agent.ask('devices')) as { devices: readonly { product: string; risks: readonly string[] }[] }; // the agent's own answer
    expect(devices.map(({ product, risks }) => [product, ...risks])).toEqual([
      ['Simulated security key', 'security-key', 'input-device'],
      ['Simulated serial board'],
      ['Simulated printer'],
      ['Simulated stick', 'storage'],
    ]);
  });

  it('usb-wire §14: devices, under the API’s names', async () => {
    const agent = await LinkBench.start(ALLOW_ALL, new SimBackend([new SerialBoard()]));
    expect(await agent.ask('devices')).toEqual({
      backend: 'sim',
      error: null,
      devices: [
        {
          vendor_id: '1209',
          product_id: '0001',
          manufacturer: 'Usher',
          product: 'Simulated serial board',
          serial: 'SIM-ACM-1',
          bus_location: 'sim=1 addr=1',
          risks: [],
          extra: {},
        },
      ],
      count: 1,
    });
  });

  it('U5.1: a backend that can not list says why', async () => {
    const agent = await LinkBench.start(ALLOW_ALL, new UnavailableBackend('libusb', 'no bus'));
    expect(await agent.ask('devices')).toEqual({ backend: 'libusb', error: 'no bus', devices: [], count: 0 });
    agent.attach(1);
    agent.say(1, Op.List, 0);
    expect(await agent.heard(1)).toEqual(['1 0 {"devices": [], "error": "no bus [usb.backend-unavailable]"}']);
  });

  it('U5.1: what is plugged in and pulled out is told, numbered, and can be asked for later', async () => {
    const [board, backend] = [new SerialBoard(), new SimBackend([])];
    const agent = await LinkBench.start(ALLOW_ALL, backend);
    backend.plug(board);
    backend.unplug(board);
    const events = agent.sent.flatMap((message) => (message.type === 'event' ? [message.event] : []));
    expect(events).toMatchObject([
      { seq: 1, kind: 'added', device: { serial: 'SIM-ACM-1' } },
      { seq: 2, kind: 'removed', device: { vendor_id: '1209' } },
    ]);
    expect(await agent.ask('events')).toEqual({ events, count: 2, watcher_running: true, last_seq: 2 });
    expect(await agent.ask('events', { since: 1 })).toMatchObject({ events: [{ seq: 2 }], count: 1 });
    expect(await agent.ask('events', { limit: 1 })).toMatchObject({ events: [{ seq: 2 }] });
    expect(await agent.ask('events', { since: -1 })).toMatchObject({ type: 'failed-reply', code: 'message.malformed' });
  });

  it('usb-wire §15.1: the rules are read, added to, removed from, and their default set', async () => {
    const agent = await LinkBench.start({ default: 'deny', rules: [] });
    expect(await agent.ask('acl.get')).toEqual({ default: 'deny', integrity_ok: true, rules: [] });
    expect(await agent.ask('acl.add', { vendor_id: '0x1050', product_id: '0407', label: 'YubiKey' })).toEqual({ added: true, rules: 1 });
    expect(await agent.ask('acl.default', { policy: 'allow' })).toEqual({ default: 'allow' });
    expect(await agent.ask('acl.get')).toEqual({
      default: 'allow',
      integrity_ok: true,
      rules: [{ vendor_id: '1050', product_id: '0407', serial: null, label: 'YubiKey', allow: true, prompt_on_open: false }],
    });
    expect(await agent.ask('acl.remove', { vendor_id: '1050', product_id: '407' })).toEqual({ removed: true });
    expect(await agent.ask('acl.remove', { vendor_id: '1050', product_id: '407' })).toEqual({ removed: false });
  });

  it.each([
    ['acl.add', { vendor_id: '1050' }],
    ['acl.add', { vendor_id: 'yubico', product_id: '0407' }],
    ['acl.remove', {}],
    ['acl.default', { policy: 'prompt' }],
    ['devices', 'everything'],
  ] as const)('U1.5: %s with %j is refused by code', async (method, params) => {
    const agent = await LinkBench.start();
    expect(await agent.ask(method, params)).toMatchObject({ type: 'failed-reply', id: 1, code: 'message.malformed' });
  });

  it('U3.2: rules that are not trusted are shown with the reason', async () => {
    const file = new MemoryAclFile();
    file.load = () => Promise.reject(new CodedError('store.unsafe', 'open to others'));
    const store = await AclStore.load(file, ALLOW_ALL);
    expect(store.integrity).toEqual({ ok: false, problem: 'open to others' });
    expect(store.acl.default).toBe('deny');
  });
});

describe('hotplug log', () => {
  it('usb-wire §14: the latest five hundred are kept', () => {
    const log = new HotplugLog();
    const device = {
      vendorId: '1209',
      productId: '0001',
      serial: undefined,
      busLocation: '',
      manufacturer: undefined,
      product: undefined,
      deviceClass: 0,
      extra: {},
    };
    for (let event = 0; event < 600; event += 1) log.add({ kind: 'added', device });
    const kept = log.after(0);
    expect([kept.length, kept[0]?.seq, kept.at(-1)?.seq]).toEqual([500, 101, 600]);
  });
});

import { Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { LinkBench } from '../../testing/link-bench.ts';

const BOARD = { vendor_id: '1209', product_id: '0001' };
/** The matcher's own type is `any`. */
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const DENY = { default: 'deny' as const, rules: [] };

describe('the loopback viewer', () => {
  it('U4.4, A8: lists what the rules let the operator have', async () => {
    const agent = await LinkBench.start();
    expect(await agent.ask('loopback.list')).toMatchObject({
      devices: expect.arrayContaining([expect.objectContaining(BOARD)]) as object[],
    });
    expect(await (await LinkBench.withRules(DENY)).ask('loopback.list')).toEqual({ devices: [] });
  });

  it('usb-wire §15.1: probes a device, and gives it back', async () => {
    const agent = await LinkBench.start();
    expect(await agent.ask('loopback.probe', BOARD)).toEqual({
      ok: true,
      ...BOARD,
      descriptor_hex: matching(/^12010002/),
      descriptor: '1209:0001 communications (USB 2.00, 1 config)',
    });
    expect(agent.claims.all()).toEqual([]);
    expect(agent.audited.map(({ event, viewer }) => `${event} ${viewer}`)).toEqual(['usb_open_allowed loopback', 'usb_close loopback']);
  });

  it('A8: opens, speaks to and closes a device', async () => {
    const agent = await LinkBench.start();
    expect(await agent.ask('loopback.open', { ...BOARD, vendor_id: '0x1209' })).toEqual({ claim: 1 });
    expect(await agent.ask('loopback.descriptors', { claim: 1 })).toMatchObject({
      device_hex: matching(/^12/),
      configuration_hex: matching(/^0902/),
      strings: expect.arrayContaining([{ index: 3, text: 'SIM-ACM-1' }]) as object[],
    });
    expect(await agent.ask('loopback.bulk', { claim: 1, endpoint: 2, data: 'AQID' })).toEqual({ data: '' });
    expect(await agent.ask('loopback.bulk', { claim: 1, endpoint: 0x81, length: 64 })).toEqual({ data: 'AQID' });
    expect(await agent.ask('loopback.control', { claim: 1, bm_request_type: 0x80, b_request: 8, length: 1 })).toEqual({ data: 'AQ==' });
    expect(await agent.ask('loopback.close', { claim: 1 })).toEqual({ closed: true });
    expect(await agent.ask('loopback.close', { claim: 1 })).toMatchObject({ type: 'failed-reply', code: 'usb.closed' });
  });

  it('U3.1: is refused by the rules like any viewer', async () => {
    const agent = await LinkBench.withRules(DENY);
    expect(await agent.ask('loopback.probe', BOARD)).toMatchObject({ type: 'failed-reply', code: 'usb.denied' });
  });

  it.each([
    ['an endpoint beyond a byte', 'loopback.bulk', { claim: 1, endpoint: 256, length: 1 }],
    ['more than fits a message', 'loopback.bulk', { claim: 1, endpoint: 0x81, length: 1024 * 1024 }],
    ['data that isn’t base64', 'loopback.bulk', { claim: 1, endpoint: 2, data: '?' }],
    ['no claim', 'loopback.close', {}],
    ['an id in other digits', 'loopback.open', { vendor_id: '١٢٠٩', product_id: '0001' }],
  ] as const)('V6: %s is refused by code', async (_name, method, params) => {
    const agent = await LinkBench.start();
    await agent.ask('loopback.open', BOARD);
    expect(await agent.ask(method, params)).toMatchObject({ type: 'failed-reply', code: 'message.malformed' });
  });

  it('A8: a claim that nothing is asked of for five minutes is closed', async () => {
    const agent = await LinkBench.start();
    await agent.ask('loopback.open', BOARD);
    agent.clock.advance(299_000);
    await agent.ask('loopback.bulk', { claim: 1, endpoint: 2, data: 'AQID' });
    agent.clock.advance(299_000);
    expect(agent.claims.all()).toHaveLength(1);
    agent.clock.advance(1000);
    await agent.heard(1);
    expect(agent.claims.all()).toEqual([]);
  });
});

describe('statistics', () => {
  it('A9: say what each claim has moved and each link carries', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.say(1, Op.Open, 0, BOARD);
    await agent.heard(1);
    for (const body of [
      { endpoint: 2, direction: 'out', timeout_ms: 1000, data: 'AQID' },
      { endpoint: 0x81, direction: 'in', timeout_ms: 1000, length: 64 },
      { endpoint: 0x8f, direction: 'in', timeout_ms: 1000, length: 64 },
    ]) {
      agent.say(1, Op.Bulk, 1, body);
      await agent.heard(1);
    }
    agent.clock.advance(1500);
    expect(await agent.ask('stats')).toMatchObject({
      links: [{ link: 1, viewer_name: 'Laptop', profile: 'operator', waiting_frames: 0 }],
      claims: [
        {
          ...{ claim: 1, held: true, protocol: 'base', ...BOARD, serial: 'SIM-ACM-1', open_ms: 1500 },
          ...{ transfers: 3, bytes_in: 3, bytes_out: 3, errors: 1, in_flight: 0 },
        },
      ],
      prompts: 0,
    });
  });

  it('A9, U1.7: the operator takes a device back, and its viewer is told', async () => {
    const agent = await LinkBench.start();
    agent.attach(1);
    agent.say(1, Op.Open, 0, BOARD);
    await agent.heard(1);
    expect(await agent.ask('claims.end', { claim: 1 })).toEqual({ ended: true });
    expect(await agent.heard(1)).toEqual([expect.stringMatching(/^9 1 {"ok": false, "error": "the operator took the device back/)]);
    expect(await agent.ask('claims.end', { claim: 1 })).toEqual({ ended: false });
    expect(agent.audited.at(-1)).toMatchObject({ event: 'usb_revoked', detail: 'the operator took the device back' });
  });

  it('U3.5, A7: changes of the rules are recorded', async () => {
    const agent = await LinkBench.start();
    await agent.ask('acl.add', { ...BOARD, label: 'Board', prompt_on_open: true });
    await agent.ask('acl.remove', BOARD);
    await agent.ask('acl.remove', BOARD);
    await agent.ask('acl.set', { ...BOARD, allow: false });
    await agent.ask('acl.default', { policy: 'deny' });
    await agent.ask('acl.sign');
    const ids = { vendorId: '1209', productId: '0001' };
    expect(agent.audited).toEqual([
      { event: 'usb_acl_add', ...ids, detail: 'ask, Board' },
      { event: 'usb_acl_remove', ...ids },
      { event: 'usb_acl_set', ...ids, detail: 'deny' },
      { event: 'usb_acl_default', detail: 'deny' },
      { event: 'usb_acl_sign', detail: 'default deny, 1 rules' },
    ]);
  });
});

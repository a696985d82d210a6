import { Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { failure, openedBench } from '../testing/client-bench.ts';
import { settle } from '../testing/provider-bench.ts';
import type { UsbClaimHandle } from './client-claim.ts';

const READ = { endpoint: 0x81, length: 8 };

describe('transfers', () => {
  it('U4.2: go out as AutoControl writes them', async () => {
    const { bench, key } = await openedBench();
    const calls = [
      () => key.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 }),
      () => key.control({ requestType: 0x40, request: 1, value: 2, index: 3, timeoutMs: 250, data: Uint8Array.of(0, 255) }),
      () => key.bulk({ endpoint: 0x81, length: 512 }),
      () => key.bulk({ endpoint: 1, data: new TextEncoder().encode('hello') }),
      () => key.interrupt({ endpoint: 0x82, length: 8 }),
    ];
    const kinds = [Op.Control, Op.Control, Op.Bulk, Op.Bulk, Op.Interrupt];
    for (const [index, call] of calls.entries()) {
      const result = call();
      await settle();
      bench.say(kinds[index] ?? Op.Bulk, 7, { ok: true, data: '' });
      await result;
    }
    expect(bench.sent).toEqual([
      'Control 7 {"bm_request_type": 128, "b_request": 6, "w_value": 256, "w_index": 0, "timeout_ms": 1000, "length": 18}',
      'Control 7 {"bm_request_type": 64, "b_request": 1, "w_value": 2, "w_index": 3, "timeout_ms": 250, "data": "AP8="}',
      'Bulk 7 {"endpoint": 129, "direction": "in", "timeout_ms": 1000, "length": 512}',
      'Bulk 7 {"endpoint": 1, "direction": "out", "timeout_ms": 1000, "data": "aGVsbG8="}',
      'Interrupt 7 {"endpoint": 130, "direction": "in", "timeout_ms": 1000, "length": 8}',
    ]);
  });

  it('usb-wire §0, row 3: one is under way at a time, and each gets its own reply', async () => {
    const { bench, key } = await openedBench();
    const reads = [key.bulk(READ), key.bulk(READ)];
    await settle();
    expect(bench.sent).toHaveLength(1);
    bench.say(Op.Bulk, 7, { ok: true, data: 'AQ==' });
    await settle();
    expect(bench.sent).toHaveLength(2);
    bench.say(Op.Bulk, 7, { ok: true, data: 'Ag==' });
    expect(await Promise.all(reads)).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
  });

  it.each([
    [{ ok: false, error: 'pipe stalled [usb.stall]' }, 'usb.stall: pipe stalled'],
    [{ ok: false, error: 'bulk read: timeout' }, 'usb.transfer-failed: bulk read: timeout'],
    [{ ok: true, data: '%%' }, 'message.malformed: not base64'],
    [{ ok: true, data: 'AAECAwQFBgcI' }, 'message.malformed: 9 bytes came for 8'],
  ])('U1.5: the reply %j is a failure, and the claim goes on', async (reply, expected) => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Bulk, 7, reply);
    expect(await read).toBe(expected);
    const next = key.bulk(READ);
    await settle();
    bench.say(Op.Bulk, 7, { ok: true, data: 'AQ==' });
    expect(await next).toEqual(Uint8Array.of(1));
  });

  it('usb-wire §5.10: an ERROR of the claim answers its transfer', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Error, 7, { error: 'bad payload: Expecting value: line 1 column 1 (char 0)' });
    expect(await read).toBe('message.malformed: bad payload: Expecting value: line 1 column 1 (char 0)');
  });

  it('usb-wire §5.10: an ERROR for a claim on which nothing waits is nobody’s', async () => {
    const { bench, key } = await openedBench();
    bench.say(Op.Error, 7, { error: 'unknown claim_id 7' });
    const read = key.bulk(READ);
    await settle();
    bench.say(Op.Bulk, 7, { ok: true, data: 'AQ==' });
    expect(await read).toEqual(Uint8Array.of(1));
  });

  it('usb-wire §0, row 3: without an answer the claim is out of step, and is closed', async () => {
    const { bench, key } = await openedBench();
    const [read, next] = [failure(key.bulk(READ)), failure(key.bulk(READ))];
    await settle();
    bench.clock.advance(10_000);
    expect(await read).toBe("usb.timeout: the host didn't answer within 10000 ms; the claim was closed");
    expect(await next).toMatch(/^usb.timeout/);
    expect(bench.sent.at(-1)).toBe('Close 7');
    bench.say(Op.Bulk, 7, { ok: true, data: 'AQ==' });
    bench.say(Op.Closed, 7, { ok: true });
    expect((await key.closed)?.code).toBe('usb.timeout');
    await key.close();
    expect(bench.clock.waiting).toBe(0);
  });

  it('U4.2: a reply is waited for longer than the device may take', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk({ ...READ, timeoutMs: 30_000 }));
    await settle();
    bench.clock.advance(34_999);
    bench.say(Op.Bulk, 7, { ok: true, data: '' });
    expect(await read).toBe('it worked');
  });

  it('usb-wire §6.6: a long write goes out in several, each a whole number of packets', async () => {
    const { bench, key } = await openedBench();
    const writing = key.bulk({ endpoint: 2, data: new Uint8Array(30_000) });
    const sizes: number[] = [];
    for (let part = 0; part < 3; part += 1) {
      await settle();
      const base64 = /"data": "([^"]*)"/.exec(bench.sent.at(-1) ?? '')?.[1] ?? '';
      sizes.push(atob(base64).length);
      bench.say(Op.Bulk, 7, { ok: true, data: '' });
    }
    await writing;
    expect(sizes).toEqual([11_264, 11_264, 7472]);
    expect(sizes.slice(0, -1).every((size) => size % 1024 === 0)).toBe(true);
  });

  it.each([
    ['control write', (key: UsbClaimHandle) => key.control({ requestType: 0x40, request: 1, data: new Uint8Array(13_000) })],
    ['read', (key: UsbClaimHandle) => key.bulk({ endpoint: 0x81, length: 2 ** 21 })],
  ])('U1.1: a %s that can not be carried is refused here', async (_name, call) => {
    const { bench, key } = await openedBench();
    expect(await failure(call(key))).toMatch(/^frame.oversized/);
    expect(bench.sent).toEqual([]);
  });

  it('usb-wire §5.5: what is left out is nothing: no bytes to read, none to write', async () => {
    const { bench, key } = await openedBench();
    for (const endpoint of [0x81, 0x02]) {
      const transfer = key.interrupt({ endpoint });
      await settle();
      bench.say(Op.Interrupt, 7, { ok: true, data: '' });
      expect(await transfer).toHaveLength(0);
    }
    expect(bench.sent).toEqual([
      'Interrupt 7 {"endpoint": 129, "direction": "in", "timeout_ms": 1000}',
      'Interrupt 7 {"endpoint": 2, "direction": "out", "timeout_ms": 1000}',
    ]);
  });

  it('usb-wire §0, row 3: a claim that is out of step ends also where the channel is what failed', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.sendFailure = new Error('closed');
    bench.clock.advance(10_000);
    expect(await read).toMatch(/^usb.timeout/);
    await settle();
  });

  it('U4.2: a frame that can not be sent fails its transfer', async () => {
    const { bench, key } = await openedBench();
    bench.sendFailure = new Error('closed');
    expect(await failure(key.bulk(READ))).toBe('session.transport: the request could not be sent');
  });

  it('U4.2: more waiting calls than anyone needs are refused', async () => {
    const { key } = await openedBench();
    const calls = Array.from({ length: 1025 }, () => failure(key.bulk(READ)));
    expect(await calls.at(-1)).toMatch(/^usb.transfer-failed: more than 1024 transfers wait/);
  });
});

describe('credits', () => {
  it('U1.6: a seventeenth request waits for a credit', async () => {
    const { bench, key } = await openedBench();
    for (let round = 0; round < 16; round += 1) {
      const read = key.bulk(READ);
      await settle();
      bench.say(Op.Bulk, 7, { ok: true, data: '' });
      await read;
    }
    const waiting = key.bulk(READ);
    await settle();
    expect(bench.sent).toHaveLength(16);
    bench.say(Op.Credit, 8, { credits: 1 });
    bench.say(Op.Credit, 7, { credits: 'many' });
    await settle();
    expect(bench.sent).toHaveLength(16);
    bench.say(Op.Credit, 7, { credits: 1 });
    await settle();
    expect(bench.sent).toHaveLength(17);
    bench.say(Op.Bulk, 7, { ok: true, data: '' });
    await waiting;

    const starved = failure(key.bulk(READ));
    await settle();
    bench.clock.advance(30_000);
    expect(await starved).toBe('usb.timeout: the host granted no credit');
  });

  it('usb-wire §0, row 2: a host that serves sixteen transfers a claim is told apart, and asked no more', async () => {
    const { bench, key } = await openedBench();
    const [read, next] = [failure(key.bulk(READ)), failure(key.bulk(READ))];
    await settle();
    bench.say(Op.Error, 7, { error: 'credit exhausted' });
    const expected = 'usb.credit-exhausted: this host serves 16 transfers a claim; close it and open the device again';
    expect([await read, await next, await failure(key.control({ requestType: 0x80, request: 6, length: 1 }))]).toEqual([
      expected,
      expected,
      expected,
    ]);
    expect(bench.sent).toHaveLength(1);
    const closing = key.close();
    await settle();
    expect(bench.sent.at(-1)).toBe('Close 7');
    bench.say(Op.Closed, 7, { ok: true });
    await closing;
    expect(await key.closed).toBeUndefined();
  });
});

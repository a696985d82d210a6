import { CodedError, Op } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientBench } from '../testing/client-bench.ts';
import { settle } from '../testing/provider-bench.ts';
import type { UsbClaimHandle } from './client-claim.ts';

const KEY = { vendorId: '1050', productId: '0407' };
const READ = { endpoint: 0x81, length: 8 };

async function openedBench(): Promise<{ readonly bench: ClientBench; readonly key: UsbClaimHandle }> {
  const bench = new ClientBench();
  const opening = bench.client.open(KEY);
  await settle();
  bench.opened(7);
  const key = await opening;
  bench.sent.length = 0;
  return { bench, key };
}

/** The code and words that a call rejects with. */
async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'it worked';
  } catch (error) {
    return error instanceof CodedError ? `${error.code}: ${error.message}` : `not coded: ${String(error)}`;
  }
}

describe('list', () => {
  it('U4.2: asks, and gives what the host shows', async () => {
    const bench = new ClientBench();
    const listing = bench.client.list();
    await settle();
    expect(bench.sent).toEqual(['List 0']);
    bench.say(Op.List, 0, { devices: [{ vendor_id: '1050', product_id: '0407', serial: null, bus_location: 'bus=1 addr=4' }] });
    expect(await listing).toEqual([{ vendorId: '1050', productId: '0407', serial: undefined, busLocation: 'bus=1 addr=4' }]);
    expect(bench.clock.waiting).toBe(0);
  });

  it('U1.2: joins fragments, also where one cuts a character in two', async () => {
    const bench = new ClientBench();
    const listing = bench.client.list();
    await settle();
    const body = new TextEncoder().encode('{"devices": [{"vendor_id": "1050", "product_id": "0407", "serial": "é"}]}');
    const cut = body.indexOf(0xc3) + 1;
    bench.client.receive(Uint8Array.of(Op.List, 0, 0, 0, ...body.subarray(0, cut)));
    bench.client.receive(Uint8Array.of(Op.List, 1, 0, 0, ...body.subarray(cut)));
    expect((await listing)[0]?.serial).toBe('é');
  });

  it('U4.2: two at once are asked one after the other', async () => {
    const bench = new ClientBench();
    const listings = [bench.client.list(), bench.client.list()];
    await settle();
    expect(bench.sent).toEqual(['List 0']);
    bench.say(Op.List, 0, { devices: [] });
    await settle();
    expect(bench.sent).toEqual(['List 0', 'List 0']);
    bench.say(Op.List, 0, { devices: [] });
    expect(await Promise.all(listings)).toEqual([[], []]);
  });

  it.each([
    ['a LIST with a reason', Op.List, { devices: [], error: 'no bus [usb.backend-unavailable]' }, 'usb.backend-unavailable: no bus'],
    ['an ERROR', Op.Error, { error: 'usb passthrough disabled' }, 'usb.disabled: usb passthrough disabled'],
    ['a LIST that makes no sense', Op.List, { devices: 7 }, 'message.malformed: body.devices: expected a list'],
  ])('U4.2, usb-wire §0 row 5: %s ends it at once', async (_name, op, body, expected) => {
    const bench = new ClientBench();
    const listing = failure(bench.client.list());
    await settle();
    bench.say(op, 0, body);
    expect(await listing).toBe(expected);
    expect(bench.clock.waiting).toBe(0);
  });

  it('U4.2: no answer within ten seconds ends it, and the next one works', async () => {
    const bench = new ClientBench();
    const listing = failure(bench.client.list());
    await settle();
    bench.say(Op.List, 0, '{"devices"', 0);
    bench.clock.advance(9999);
    bench.clock.advance(1);
    expect(await listing).toBe("usb.timeout: the host didn't answer within 10000 ms");
    const next = bench.client.list();
    await settle();
    bench.say(Op.List, 0, { devices: [] });
    expect(await next).toEqual([]);
  });

  it('U4.2: a host that sends without end is refused', async () => {
    const bench = new ClientBench();
    const listing = failure(bench.client.list());
    await settle();
    for (let part = 0; part < 100; part += 1) bench.say(Op.List, 0, 'x'.repeat(16_384), 0);
    expect(await listing).toMatch(/^frame.oversized: /);
  });
});

describe('open', () => {
  it('U4.2: asks by ids and serial number, and gives the claim', async () => {
    const bench = new ClientBench();
    const opening = bench.client.open({ ...KEY, serial: 'é' });
    await settle();
    expect(bench.sent).toEqual(['Open 0 {"vendor_id": "1050", "product_id": "0407", "serial": "\\u00e9", "ext": ["v2"]}']);
    bench.opened(7, 'secret');
    const key = await opening;
    expect([key.claim, key.resumeToken]).toEqual([7, 'secret']);
  });

  it.each([
    ['denied by ACL policy', 'usb.denied: denied by ACL policy'],
    ['no USB device matches 1050:0407', 'usb.not-found: no USB device matches 1050:0407'],
    ['in use [usb.device-busy]', 'usb.device-busy: in use'],
    ['[Errno 13] Access denied', 'usb.transfer-failed: [Errno 13] Access denied'],
  ])('U1.4: the refusal %j is a typed error', async (error, expected) => {
    const bench = new ClientBench();
    const opening = failure(bench.client.open(KEY));
    await settle();
    bench.say(Op.Opened, 0, { ok: false, error });
    expect(await opening).toBe(expected);
  });

  it('U4.2: an answer that comes too late is closed again, and is not taken for the next one’s', async () => {
    const bench = new ClientBench();
    const late = failure(bench.client.open(KEY));
    await settle();
    bench.clock.advance(40_000);
    expect(await late).toMatch(/^usb.timeout/);
    const opening = bench.client.open(KEY);
    await settle();
    bench.opened(7);
    bench.opened(8);
    expect((await opening).claim).toBe(8);
    await settle();
    expect(bench.sent.at(-1)).toBe('Close 7');
  });

  it('U4.2: a refusal that comes too late is nobody’s, and an OPENED after the end is nobody’s either', async () => {
    const bench = new ClientBench();
    const late = failure(bench.client.open(KEY));
    await settle();
    bench.clock.advance(40_000);
    await late;
    bench.say(Op.Opened, 0, { ok: false, error: 'denied by ACL policy' });
    bench.client.shutdown();
    bench.opened(7);
    await settle();
    expect(bench.sent).toHaveLength(1);
  });

  it('U4.2: more waiting calls than anyone needs are refused', async () => {
    const bench = new ClientBench();
    const calls = Array.from({ length: 65 }, () => failure(bench.client.list()));
    expect(await calls.at(-1)).toBe('usb.transfer-failed: more than 64 requests wait');
  });

  it('usb-wire §0, row 5: after an OPEN that only an ERROR answered, late, the next answer counts', async () => {
    const bench = new ClientBench();
    const late = failure(bench.client.open(KEY));
    await settle();
    bench.clock.advance(40_000);
    await late;
    bench.say(Op.Error, 0, { error: 'usb backend unavailable: no bus' });
    const opening = bench.client.open(KEY);
    await settle();
    bench.opened(7);
    expect((await opening).claim).toBe(7);
  });

  it('U4.2: a frame that can not be sent is the request’s failure', async () => {
    const bench = new ClientBench();
    bench.sendFailure = new Error('closed');
    expect(await failure(bench.client.open(KEY))).toBe('session.transport: the request could not be sent');
    expect(await failure(bench.client.list())).toBe('session.transport: the request could not be sent');
    expect(bench.clock.waiting).toBe(0);
  });

  it('U1.7: a claim that the host closes right after opening it is a closed claim', async () => {
    const bench = new ClientBench();
    const opening = bench.client.open(KEY);
    await settle();
    bench.opened(7);
    bench.say(Op.Closed, 7, { ok: false, error: 'the device was unplugged [usb.device-gone]' });
    const key = await opening;
    expect((await key.closed)?.code).toBe('usb.closed');
    expect(await failure(key.bulk(READ))).toBe('usb.closed: the host closed the claim');
  });

  it('U1.8: resume shows the token, and the claim has the new one', async () => {
    const bench = new ClientBench();
    const resuming = bench.client.resume('old-token');
    await settle();
    expect(bench.sent).toEqual(['Resume 0 {"resume_token": "old-token", "ext": ["v2"]}']);
    bench.opened(7, 'new-token');
    expect((await resuming).resumeToken).toBe('new-token');
  });
});

it('U1.8: a claim that is resumed while its handle lives on has one handle, the new one', async () => {
  const { bench, key } = await openedBench();
  const read = failure(key.bulk(READ));
  await settle();
  const resuming = bench.client.resume('token-7');
  await settle();
  bench.opened(7, 'new-token');
  expect((await resuming).resumeToken).toBe('new-token');
  expect(await read).toBe('usb.closed: the claim was resumed');
  expect((await key.closed)?.code).toBe('usb.closed');
});

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

describe('close', () => {
  it.each([
    ['CLOSED', (bench: ClientBench) => bench.say(Op.Closed, 7, { ok: true })],
    ['an ERROR, which means closed, too', (bench: ClientBench) => bench.say(Op.Error, 7, { error: 'unknown claim_id 7' })],
    ['nothing, for as long as any reply may take', (bench: ClientBench) => bench.clock.advance(10_000)],
  ])('U1.7: is answered by %s', async (_name, answer) => {
    const { bench, key } = await openedBench();
    const closing = [key.close(), key.close()];
    await settle();
    expect(bench.sent).toEqual(['Close 7']);
    expect(await failure(key.bulk(READ))).toBe('usb.closed: the claim was closed');
    answer(bench);
    await Promise.all(closing);
    await key.close();
    expect(bench.sent).toEqual(['Close 7']);
    expect(await key.closed).toBeUndefined();
    expect(bench.clock.waiting).toBe(0);
  });

  it('U4.2: ends what is pending', async () => {
    const { bench, key } = await openedBench();
    const [read, next] = [failure(key.bulk(READ)), failure(key.bulk(READ))];
    await settle();
    const closing = key.close();
    bench.say(Op.Closed, 7, { ok: true });
    await closing;
    expect([await read, await next]).toEqual(['usb.closed: the claim was closed', 'usb.closed: the claim was closed']);
  });

  it('U4.2: without a channel it is done at once', async () => {
    const { bench, key } = await openedBench();
    bench.sendFailure = new Error('closed');
    await key.close();
    expect(await key.closed).toBeUndefined();
  });

  it('U1.7: a CLOSED without a reason that nobody asked for ends the claim, too', async () => {
    const { bench, key } = await openedBench();
    bench.say(Op.Closed, 7, { ok: true });
    expect(await key.closed).toBeUndefined();
    expect(await failure(key.bulk(READ))).toBe('usb.closed: the claim was closed');
  });

  it('U4.2: a transfer that got its credit too late is not sent any more', async () => {
    const { bench, key } = await openedBench();
    for (let round = 0; round < 16; round += 1) {
      const read = key.bulk(READ);
      await settle();
      bench.say(Op.Bulk, 7, { ok: true, data: '' });
      await read;
    }
    const waiting = failure(key.bulk(READ));
    await settle();
    const closing = key.close();
    bench.say(Op.Credit, 7, { credits: 1 });
    expect(await waiting).toBe('usb.closed: the claim was closed');
    bench.say(Op.Closed, 7, { ok: true });
    await closing;
    expect(bench.sent.filter((frame) => frame.startsWith('Bulk'))).toHaveLength(16);
  });

  it('usb-wire §0, row 6: a CLOSED that nobody asked for ends the claim, with the host’s reason', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Closed, 7, { ok: false, error: 'the device was unplugged [usb.device-gone]' });
    expect(await read).toBe('usb.device-gone: the device was unplugged');
    expect((await key.closed)?.code).toBe('usb.device-gone');
    expect(await failure(key.bulk(READ))).toBe('usb.device-gone: the device was unplugged');
  });
});

describe('the end of the channel', () => {
  it('U4.2: everything that waits rejects with the reason, and so does what comes later', async () => {
    const { bench, key } = await openedBench();
    const waiting = [failure(key.bulk(READ)), failure(bench.client.list()), failure(bench.client.open(KEY)), failure(bench.client.list())];
    await settle();
    bench.client.shutdown(new CodedError('session.transport', 'the connection was lost'));
    bench.client.shutdown();
    const reason = 'session.transport: the connection was lost';
    expect(await Promise.all(waiting)).toEqual(new Array(4).fill(reason));
    expect(await failure(bench.client.list())).toBe(reason);
    expect(await failure(key.bulk(READ))).toBe(reason);
    expect((await key.closed)?.code).toBe('session.transport');
    expect(bench.clock.waiting).toBe(0);
    await key.close();
  });

  it('U4.2: while a credit is awaited, too', async () => {
    const { bench, key } = await openedBench();
    for (let round = 0; round < 16; round += 1) {
      const read = key.bulk(READ);
      await settle();
      bench.say(Op.Bulk, 7, { ok: true, data: '' });
      await read;
    }
    const waiting = failure(key.bulk(READ));
    await settle();
    bench.client.shutdown();
    expect(await waiting).toBe('usb.closed: the USB client was shut down');
  });

  it('usb-wire §5.10: a host that is switched off ends transfers as well', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Error, 0, { error: 'usb passthrough disabled' });
    expect(await read).toBe('usb.disabled: usb passthrough disabled');
  });

  it('usb-wire §0, row 5: any other ERROR on claim 0 ends no transfer', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Error, 0, { error: 'list failed: no bus' });
    bench.say(Op.Bulk, 7, { ok: true, data: '' });
    expect(await read).toBe('it worked');
  });
});

describe('any bytes', () => {
  it('U1.5: nothing that a host sends makes receive() throw, or a call wait beyond its time', async () => {
    const ops = fc.oneof(fc.constantFrom(...Object.values(Op)), fc.integer({ min: 0, max: 255 }));
    const bodies = fc.oneof(
      fc.json(),
      fc.constantFrom(
        '',
        '{"ok": true, "data": "AAEC"}',
        '{"ok": true, "claim_id": 7, "resume_token": "t"}',
        '{"credits": 3}',
        '{"devices": []}',
      ),
    );
    const frames = fc
      .record({ op: ops, flags: fc.constantFrom(0, 1, 0xff), claim: fc.constantFrom(0, 7, 8), body: bodies })
      .map(({ op, flags, claim, body }) => Uint8Array.of(op, flags, claim >> 8, claim & 0xff, ...new TextEncoder().encode(body)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(frames, fc.uint8Array({ maxLength: 30 })), { maxLength: 40 }), async (received) => {
        const { bench, key } = await openedBench();
        const calls = [
          bench.client.list(),
          bench.client.open(KEY),
          key.bulk(READ),
          key.control({ requestType: 0x80, request: 6, length: 2 }),
        ];
        const ended = Promise.allSettled(calls);
        await settle();
        for (const bytes of received) bench.client.receive(bytes);
        for (let step = 0; step < 8; step += 1) {
          await settle();
          bench.clock.advance(10_000);
        }
        for (const result of await ended) {
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(CodedError);
        }
        bench.client.shutdown();
        await settle();
        expect(bench.clock.waiting).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

import { CodedError, Op } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientBench, failure, openedBench } from '../testing/client-bench.ts';
import { settle } from '../testing/provider-bench.ts';

const KEY = { vendorId: '1050', productId: '0407' };
const READ = { endpoint: 0x81, length: 8 };

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

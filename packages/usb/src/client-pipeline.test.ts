import {
  CodedError,
  decodeV2Control,
  decodeV2Endpoint,
  encodeFrame,
  encodeV2Reply,
  FLAG_CONTINUED,
  FLAG_EOF,
  FLAG_V2,
  fragmentV2,
  Op,
  transferIdOf,
  type UsbWindow,
} from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientBench } from '../testing/client-bench.ts';
import { settle } from '../testing/provider-bench.ts';
import type { UsbClaimHandle } from './client-claim.ts';
import { V2_WINDOW } from './window.ts';

const READ = { endpoint: 0x81, length: 8 };

async function openedV2(window: UsbWindow = V2_WINDOW): Promise<{ readonly bench: ClientBench; readonly key: UsbClaimHandle }> {
  const bench = new ClientBench();
  const opening = bench.client.open({ vendorId: '1050', productId: '0407' });
  await settle();
  bench.opened(7, 'token-7', window);
  const key = await opening;
  bench.frames.length = 0;
  return { bench, key };
}

/** The ids of the transfers whose first fragments were sent, oldest first; the frames are forgotten. */
async function begun(bench: ClientBench): Promise<readonly number[]> {
  await settle();
  const first = bench.frames.splice(0).filter(({ op, flags }) => op !== Op.Cancel && op !== Op.Close && (flags & FLAG_CONTINUED) === 0);
  return first.map((frame) => transferIdOf(frame.payload));
}

/** The ids that were cancelled; the frames are forgotten. */
async function cancelled(bench: ClientBench): Promise<readonly number[]> {
  await settle();
  return bench.frames
    .splice(0)
    .filter((frame) => frame.op === Op.Cancel)
    .map((frame) => transferIdOf(frame.payload));
}

function ok(transfer: number, data: Uint8Array = new Uint8Array(), actual = data.length) {
  return { transfer, ok: true, actual, data } as const;
}

function refusal(transfer: number, code: CodedError['code']) {
  return { transfer, ok: false, code, message: 'no' } as const;
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

describe('requests', () => {
  it('U14: carry what was asked, and the flags of v2', async () => {
    const { bench, key } = await openedV2();
    void failure(key.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 }));
    void failure(key.control({ requestType: 0x21, request: 0x20, data: Uint8Array.of(1, 2), timeoutMs: 250 }));
    void failure(key.bulk({ endpoint: 0x81, length: 512 }));
    void failure(key.interrupt({ endpoint: 4, data: Uint8Array.of(9) }));
    await settle();
    expect(bench.frames.map(({ op }) => op).sort()).toEqual([Op.Control, Op.Control, Op.Bulk, Op.Interrupt]);
    expect(bench.frames.every(({ flags, claim }) => flags === (FLAG_V2 | FLAG_EOF) && claim === 7)).toBe(true);
    const sent = bench.frames.map(({ op, payload }) => (op === Op.Control ? decodeV2Control(payload) : decodeV2Endpoint(payload)));
    expect(sent.map(({ transfer }) => transfer).sort()).toEqual([1, 2, 3, 4]);
    expect(sent.map(({ transfer: _transfer, ...request }) => request)).toEqual(
      expect.arrayContaining([
        { timeoutMs: 1000, requestType: 0x80, request: 6, value: 0x0100, index: 0, length: 18, data: new Uint8Array() },
        { timeoutMs: 250, requestType: 0x21, request: 0x20, value: 0, index: 0, length: 2, data: Uint8Array.of(1, 2) },
        { timeoutMs: 1000, endpoint: 0x81, length: 512, data: new Uint8Array() },
        { timeoutMs: 1000, endpoint: 4, length: 1, data: Uint8Array.of(9) },
      ]),
    );
  });

  it('U18: of one endpoint go out in the order of the calls, each whole before the next', async () => {
    const { bench, key } = await openedV2();
    const writes = [40_000, 1, 20_000].map((length) => key.bulk({ endpoint: 2, data: new Uint8Array(length) }));
    await settle();
    expect(bench.frames.map(({ payload }) => transferIdOf(payload))).toEqual([1, 1, 1, 2, 3, 3]);
    for (const [at, length] of [40_000, 1, 20_000].entries()) bench.reply(Op.Bulk, 7, ok(at + 1, new Uint8Array(), length));
    expect(await Promise.all(writes)).toEqual([new Uint8Array(), new Uint8Array(), new Uint8Array()]);
  });

  it('U18: a write above 1 MiB is several transfers, the next after the last one’s reply', async () => {
    const { bench, key } = await openedV2();
    const writing = key.bulk({ endpoint: 2, data: new Uint8Array(2 ** 20 + 5) });
    const other = key.bulk({ endpoint: 2, data: new Uint8Array(1) });
    expect(await begun(bench)).toEqual([1]);
    bench.reply(Op.Bulk, 7, ok(1, new Uint8Array(), 2 ** 20));
    expect(await begun(bench)).toEqual([2, 3]);
    bench.reply(Op.Bulk, 7, ok(2, new Uint8Array(), 5));
    bench.reply(Op.Bulk, 7, ok(3, new Uint8Array(), 1));
    await Promise.all([writing, other]);
  });

  it('U18: of such a write nothing follows a part that failed', async () => {
    const { bench, key } = await openedV2();
    const writing = failure(key.bulk({ endpoint: 2, data: new Uint8Array(2 ** 20 + 5) }));
    expect(await begun(bench)).toEqual([1]);
    bench.reply(Op.Bulk, 7, refusal(1, 'usb.stall'));
    expect(await writing).toBe('usb.stall: no');
    expect(await begun(bench)).toEqual([]);
  });

  it.each([
    ['a read', { endpoint: 0x81, length: 2 ** 20 + 1 }],
    ['a write beyond a host’s small window', { endpoint: 2, data: new Uint8Array(5000) }],
  ])('U14: %s that can not be carried is refused here', async (_name, transfer) => {
    const { bench, key } = await openedV2({ frames: 4, bytes: 4096 });
    expect(await failure(key.bulk(transfer))).toMatch(/^frame.oversized/);
    expect(await failure(key.control({ requestType: 0x40, request: 1, data: new Uint8Array(70_000) }))).toMatch(/^frame.oversized/);
    expect(bench.frames).toEqual([]);
  });

  it('U4.2: a frame that can not be sent is its transfer’s failure', async () => {
    const { bench, key } = await openedV2();
    bench.sendFailure = new Error('closed');
    expect(await failure(key.bulk(READ))).toBe('session.transport: the request could not be sent');
    bench.sendFailure = undefined;
    void failure(key.bulk(READ));
    expect(await begun(bench)).toEqual([2]);
  });

  it('U4.2: more waiting transfers than anyone needs are refused', async () => {
    const { key } = await openedV2();
    const calls = Array.from({ length: 1025 }, () => failure(key.bulk(READ)));
    expect(await calls.at(-1)).toBe('usb.transfer-failed: more than 1024 transfers wait on one endpoint');
  });
});

describe('replies', () => {
  it('U15: in any order each reach the call that asked', async () => {
    const { bench, key } = await openedV2();
    const reads = Array.from({ length: 16 }, () => key.bulk(READ));
    expect(await begun(bench)).toHaveLength(16);
    for (let id = 16; id >= 1; id -= 1) bench.reply(Op.Bulk, 7, ok(id, Uint8Array.of(id)));
    expect((await Promise.all(reads)).map((data) => data[0])).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
    expect(bench.clock.waiting).toBe(0);
  });

  it('U16: of several are joined though their fragments are mixed', async () => {
    const { bench, key } = await openedV2();
    const reads = [1, 2].map(() => key.bulk({ endpoint: 0x81, length: 50_000 }));
    await begun(bench);
    const [one = [], other = []] = [1, 2].map((id) => [
      ...fragmentV2(Op.Bulk, 7, encodeV2Reply(ok(id, new Uint8Array(40_000 + id).fill(id)))),
    ]);
    for (const [at, frame] of one.entries()) {
      for (const part of [frame, other[at]]) if (part !== undefined) bench.client.receive(encodeFrame(part));
    }
    const joined = await Promise.all(reads);
    expect(joined.map((data) => [data.length, data.every((byte) => byte === data[0])])).toEqual([
      [40_001, true],
      [40_002, true],
    ]);
  });

  it.each([
    ['a refusal', refusal(1, 'usb.stall'), 'usb.stall: no'],
    ['more than was asked for', ok(1, new Uint8Array(9)), 'message.malformed: 9 bytes came for 8'],
    ['fewer bytes than it says', ok(1, new Uint8Array(3), 5), 'message.malformed: 3 of 5 bytes came'],
  ])('U15: %s fails that transfer, and the claim goes on', async (_name, reply, expected) => {
    const { bench, key } = await openedV2();
    const [bad, good] = [failure(key.bulk(READ)), key.bulk(READ)];
    await begun(bench);
    bench.reply(Op.Bulk, 7, reply);
    bench.reply(Op.Bulk, 7, ok(2, Uint8Array.of(1)));
    expect(await bad).toBe(expected);
    expect(await good).toEqual(Uint8Array.of(1));
  });

  it('U15: a write that brings bytes is none', async () => {
    const { bench, key } = await openedV2();
    const writing = failure(key.bulk({ endpoint: 2, data: Uint8Array.of(1) }));
    await begun(bench);
    bench.reply(Op.Bulk, 7, ok(1, Uint8Array.of(1)));
    expect(await writing).toBe('message.malformed: 1 bytes came for 0');
  });

  it('U15: of another op, of nothing, twice, or continued without a beginning are dropped', async () => {
    const { bench, key } = await openedV2();
    const reading = key.bulk(READ);
    await begun(bench);
    bench.reply(Op.Interrupt, 7, ok(1, Uint8Array.of(9)));
    bench.reply(Op.Bulk, 7, ok(5, Uint8Array.of(9)));
    bench.reply(Op.Bulk, 8, ok(1, Uint8Array.of(9)));
    const continued = { op: Op.Bulk, flags: FLAG_V2 | FLAG_CONTINUED | FLAG_EOF, claim: 7, payload: Uint8Array.of(0, 0, 0, 1, 9) };
    bench.client.receive(encodeFrame(continued));
    bench.reply(Op.Bulk, 7, ok(1, Uint8Array.of(1)));
    bench.reply(Op.Bulk, 7, ok(1, Uint8Array.of(2)));
    expect(await reading).toEqual(Uint8Array.of(1));
  });

  it('U13: an ERROR of the claim ends all that wait, for it names none', async () => {
    const { bench, key } = await openedV2();
    const reads = [failure(key.bulk(READ)), failure(key.interrupt({ endpoint: 0x83, length: 8 }))];
    await begun(bench);
    bench.say(Op.Error, 7, { error: 'unknown claim_id 7' }, 0);
    expect(await Promise.all(reads)).toEqual(new Array(2).fill('usb.closed: unknown claim_id 7'));
    expect(bench.clock.waiting).toBe(0);
  });

  it('V6: whatever a host sends, nothing throws, and every call ends', async () => {
    const frames = fc.array(
      fc.record({
        op: fc.constantFrom(Op.Control, Op.Bulk, Op.Interrupt, Op.Config, Op.Subscribe, Op.Devices),
        flags: fc.constantFrom(2, 3, 6, 7),
        claim: fc.constant(7),
        payload: fc.tuple(fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 30 })).map(([id, rest]) => Uint8Array.of(0, 0, 0, id, ...rest)),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(frames, async (noise) => {
        const { bench, key } = await openedV2();
        const calls = [
          failure(key.bulk(READ)),
          failure(key.bulk(READ)),
          failure(key.control({ requestType: 0x80, request: 6, length: 8 })),
          failure(key.configure({ action: 'reset' })),
          failure(key.subscribe({ endpoint: 0x83, length: 8 }).then((pushes) => pushes[Symbol.asyncIterator]().next())),
        ];
        await settle();
        for (const frame of noise) bench.client.receive(encodeFrame(frame));
        bench.client.shutdown();
        for (const outcome of await Promise.all(calls)) expect(outcome).not.toMatch(/^not coded/);
        expect(bench.clock.waiting).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the window', () => {
  it('U13: is never exceeded; what waits goes out with each reply', async () => {
    const { bench, key } = await openedV2({ frames: 4, bytes: 2 ** 20 });
    const reads = Array.from({ length: 6 }, () => key.bulk(READ));
    expect(await begun(bench)).toEqual([1, 2, 3, 4]);
    bench.reply(Op.Bulk, 7, ok(2));
    expect(await begun(bench)).toEqual([5]);
    for (const id of [1, 3, 4, 5]) bench.reply(Op.Bulk, 7, ok(id));
    await begun(bench);
    bench.reply(Op.Bulk, 7, ok(6));
    await Promise.all(reads);
  });

  it('U13, U18: one endpoint leaves a quarter of it to the others', async () => {
    const { bench, key } = await openedV2();
    for (let at = 0; at < 200; at += 1) void failure(key.bulk(READ));
    expect(await begun(bench)).toHaveLength(96);
    void failure(key.interrupt({ endpoint: 0x83, length: 8 }));
    void failure(key.control({ requestType: 0x80, request: 6, length: 8 }));
    expect(await begun(bench)).toEqual([97, 98]);
    bench.client.shutdown();
  });

  it('U13: who needs much gets its turn among those who need little', async () => {
    const { bench, key } = await openedV2({ frames: 70, bytes: 2 ** 20 });
    for (let at = 0; at < 10; at += 1) void failure(key.interrupt({ endpoint: 0x83, length: 8 }));
    expect(await begun(bench)).toHaveLength(10);
    void failure(key.bulk({ endpoint: 2, data: new Uint8Array(2 ** 20) }));
    void failure(key.control({ requestType: 0x80, request: 6, length: 8 }));
    expect(await begun(bench)).toEqual([]);
    for (let id = 1; id <= 10; id += 1) bench.reply(Op.Interrupt, 7, ok(id));
    expect(await begun(bench)).toEqual([11]);
    bench.client.shutdown();
  });
});

describe('cancelling', () => {
  it('U17: a transfer under way is cancelled at the host, and rejects with the signal’s reason', async () => {
    const { bench, key } = await openedV2();
    const stop = new AbortController();
    const reading = failure(key.bulk({ ...READ, signal: stop.signal }));
    await begun(bench);
    stop.abort(new Error('enough'));
    expect(await cancelled(bench)).toEqual([1]);
    bench.reply(Op.Bulk, 7, refusal(1, 'usb.cancelled'));
    expect(await reading).toBe('not coded: Error: enough');
    expect(bench.clock.waiting).toBe(0);
  });

  it('U17: a device that was faster has its way', async () => {
    const { bench, key } = await openedV2();
    const stop = new AbortController();
    const reading = key.bulk({ ...READ, signal: stop.signal });
    await begun(bench);
    stop.abort();
    bench.reply(Op.Bulk, 7, ok(1, Uint8Array.of(5)));
    expect(await reading).toEqual(Uint8Array.of(5));
  });

  it('U17: a transfer that still waits is taken back at once, and never sent', async () => {
    const { bench, key } = await openedV2({ frames: 1, bytes: 100 });
    void failure(key.bulk(READ));
    const stop = new AbortController();
    const waiting = failure(key.bulk({ ...READ, signal: stop.signal }));
    await begun(bench);
    stop.abort(new Error('enough'));
    expect(await waiting).toBe('not coded: Error: enough');
    bench.reply(Op.Bulk, 7, ok(1));
    expect(await begun(bench)).toEqual([]);
    void failure(key.bulk(READ));
    expect(await begun(bench)).toEqual([2]);
    expect(await failure(key.bulk({ ...READ, signal: stop.signal }))).toBe('not coded: Error: enough');
    bench.client.shutdown();
  });

  it('U17: what is not sent yet of a long write stays here', async () => {
    const { bench, key } = await openedV2();
    const stop = new AbortController();
    const writing = failure(key.bulk({ endpoint: 2, data: new Uint8Array(2 ** 20), signal: stop.signal }));
    while (bench.frames.length < 2) await Promise.resolve();
    stop.abort(new Error('enough'));
    await settle();
    expect(bench.frames.length).toBeLessThan(10);
    expect(await cancelled(bench)).toEqual([1]);
    bench.reply(Op.Bulk, 7, refusal(1, 'usb.cancelled'));
    expect(await writing).toBe('not coded: Error: enough');
  });

  it('U4.2: with the base protocol only what has not been sent can be taken back', async () => {
    const bench = new ClientBench();
    const opening = bench.client.open({ vendorId: '1050', productId: '0407' });
    await settle();
    bench.opened(7);
    const key = await opening;
    const stop = new AbortController();
    const [sent, waiting] = [1, 2].map(() => failure(key.bulk({ ...READ, signal: stop.signal })));
    await settle();
    stop.abort(new Error('enough'));
    bench.say(Op.Bulk, 7, { ok: true, data: '' });
    expect([await sent, await waiting]).toEqual(['it worked', 'not coded: Error: enough']);
  });
});

describe('silence', () => {
  it('U4.2: ends the transfer, not the claim, and its room is free when the host has answered', async () => {
    const { bench, key } = await openedV2({ frames: 1, bytes: 100 });
    const reading = failure(key.bulk(READ));
    await begun(bench);
    // The frame that went out moved, so the first look only notes it.
    bench.clock.advance(20_000);
    expect(await reading).toBe("usb.timeout: the host didn't answer within 10000 ms");
    expect(await cancelled(bench)).toEqual([1]);
    const next = key.bulk(READ);
    expect(await begun(bench)).toEqual([]);
    bench.reply(Op.Bulk, 7, refusal(1, 'usb.cancelled'));
    expect(await begun(bench)).toEqual([2]);
    bench.reply(Op.Bulk, 7, ok(2));
    await next;
    expect(bench.clock.waiting).toBe(0);
  });

  it('U4.2: while others are answered the line is slow, not dead; but not for ever', async () => {
    const { bench, key } = await openedV2();
    const reading = failure(key.bulk(READ));
    let waited = 0;
    for (let id = 2; waited < 120_000; id += 1, waited += 10_000) {
      const other = key.interrupt({ endpoint: 0x83, length: 8 });
      await begun(bench);
      bench.reply(Op.Interrupt, 7, ok(id));
      await other;
      if (waited < 50_000) expect(bench.frames.some((frame) => frame.op === Op.Cancel)).toBe(false);
      bench.clock.advance(10_000);
    }
    expect(await reading).toMatch(/^usb.timeout/);
  });
});

describe('the end', () => {
  it('U4.2: of the channel ends what is under way and what waits', async () => {
    const { bench, key } = await openedV2({ frames: 1, bytes: 100 });
    const calls = [failure(key.bulk(READ)), failure(key.bulk(READ)), failure(key.interrupt({ endpoint: 0x83, length: 8 }))];
    await begun(bench);
    bench.client.shutdown(new CodedError('session.transport', 'lost'));
    expect(await Promise.all(calls)).toEqual(new Array(3).fill('session.transport: lost'));
    expect(await failure(key.bulk(READ))).toBe('session.transport: lost');
    expect(bench.clock.waiting).toBe(0);
  });

  it('U1.7: CLOSED of the host ends them with its reason', async () => {
    const { bench, key } = await openedV2();
    const reading = failure(key.bulk(READ));
    await begun(bench);
    bench.say(Op.Closed, 7, { ok: false, error: 'the device was unplugged [usb.device-gone]' }, 0);
    expect(await reading).toBe('usb.device-gone: the device was unplugged');
    expect((await key.closed)?.code).toBe('usb.device-gone');
  });

  it('U1.7: after close() no transfer begins', async () => {
    const { bench, key } = await openedV2();
    const closing = key.close();
    expect(await failure(key.bulk(READ))).toBe('usb.closed: the claim was closed');
    bench.say(Op.Closed, 7, { ok: true }, 0);
    await closing;
    expect(bench.clock.waiting).toBe(0);
  });
});

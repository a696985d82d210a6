import {
  CodedError,
  decodeV2Reply,
  encodeV2Cancel,
  encodeV2Control,
  encodeV2Endpoint,
  FLAG_CONTINUED,
  FLAG_EOF,
  FLAG_V2,
  fragmentV2,
  Op,
  tryUtf8,
  type UsbFrame,
} from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeBackend, type FakeDevice, type FakeTransfer, fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { type BenchViewer, ProviderBench, settle } from '../testing/provider-bench.ts';
import { V2_WINDOW } from './window.ts';

const QUERY = { vendor_id: '1209', product_id: '0001', ext: ['v2'] };

async function openedV2(device: FakeDevice = fakeDevice()) {
  const backend = new FakeBackend(device);
  const provider = new ProviderBench(backend);
  const viewer = provider.attach();
  const { claim, token } = await viewer.open(QUERY);
  return { backend, device, provider, viewer, claim, token };
}

function read(transfer: number, length: number, endpoint = 0x81): Uint8Array {
  return encodeV2Endpoint({ transfer, timeoutMs: 1000, length, endpoint, data: new Uint8Array() });
}

function write(transfer: number, data: Uint8Array, endpoint = 0x02): Uint8Array {
  return encodeV2Endpoint({ transfer, timeoutMs: 1000, length: data.length, endpoint, data });
}

/** Says a request, in as many frames as it takes. */
function ask(viewer: BenchViewer, claim: number, op: Op, message: Uint8Array): void {
  for (const frame of fragmentV2(op, claim, message)) viewer.sendFrame(frame);
}

function cancel(viewer: BenchViewer, claim: number, transfer: number): void {
  viewer.sendFrame({ op: Op.Cancel, flags: FLAG_V2, claim, payload: encodeV2Cancel(transfer) });
}

/** `transfer code` or `transfer bytes` of the replies so far; other frames as they are. */
async function heard(viewer: BenchViewer): Promise<readonly string[]> {
  await settle();
  return viewer.frames.splice(0).map(told);
}

function told(frame: UsbFrame): string {
  if ((frame.flags & FLAG_V2) === 0) return `${frame.op} ${tryUtf8(frame.payload)}`;
  if ((frame.flags & FLAG_CONTINUED) !== 0) return `… ${frame.payload.length - 4}`;
  const reply = decodeV2Reply(frame.payload);
  return reply.ok ? `${reply.transfer} ok ${reply.actual}` : `${reply.transfer} ${reply.code}`;
}

/** Transfers wait until the test lets each go on; the signal ends them. */
function heldTransfers(): { readonly transfer: FakeTransfer; readonly answers: ((bytes: Uint8Array) => void)[] } {
  const answers: ((bytes: Uint8Array) => void)[] = [];
  const transfer: FakeTransfer = (_request, signal) =>
    new Promise((resolve, reject) => {
      answers.push(resolve);
      signal.addEventListener('abort', () => reject(new CodedError('usb.cancelled', 'the transfer was cancelled')), { once: true });
    });
  return { transfer, answers };
}

describe('OPENED', () => {
  it('U12, U13: says v2 and the window to a viewer that asks', async () => {
    const viewer = new ProviderBench(new FakeBackend(fakeDevice())).attach();
    viewer.send(Op.Open, 0, QUERY);
    expect(await viewer.next()).toMatch(/"ext": \["v2"\], "window_frames": 128, "window_bytes": 2097152}$/);
  });

  it('U12: to one that does not, it is the base protocol’s, and the bit means nothing', async () => {
    const viewer = new ProviderBench(new FakeBackend(fakeDevice())).attach();
    const { claim } = await viewer.open();
    const body = new TextEncoder().encode('{"endpoint": 129, "direction": "in", "length": 3}');
    viewer.sendFrame({ op: Op.Bulk, flags: FLAG_V2, claim, payload: body });
    expect(await heard(viewer)).toEqual(['5 {"ok": true, "data": "AAEC"}', '7 {"credits": 1}']);
  });

  it('U12: on a claim with v2 the base protocol works beside it', async () => {
    const { viewer, claim } = await openedV2();
    viewer.send(Op.Bulk, claim, { endpoint: 0x81, direction: 'in', length: 3 });
    ask(viewer, claim, Op.Bulk, read(1, 5));
    expect([...(await heard(viewer))].sort()).toEqual(['1 ok 5', '5 {"ok": true, "data": "AAEC"}', '7 {"credits": 1}']);
  });
});

describe('transfers', () => {
  it('U15: many are under way, and are answered as they end', async () => {
    const { transfer, answers } = heldTransfers();
    const { viewer, claim } = await openedV2(fakeDevice({ transfer }));
    for (let id = 1; id <= 16; id += 1) ask(viewer, claim, Op.Bulk, read(id, 8));
    await settle();
    expect(answers).toHaveLength(16);
    for (const answer of answers.toReversed()) answer(new Uint8Array(3));
    expect(await heard(viewer)).toEqual(Array.from({ length: 16 }, (_, at) => `${16 - at} ok 3`));
  });

  it('U14: control, interrupt and writes reach the device as they were asked', async () => {
    const seen: unknown[] = [];
    const transfer: FakeTransfer = (request) => {
      seen.push(request);
      return Promise.resolve(new Uint8Array('requestType' in request ? 2 : 0));
    };
    const { viewer, claim } = await openedV2(fakeDevice({ transfer }));
    const setup = { timeoutMs: 250, request: 6, value: 0x0100, index: 3 };
    ask(viewer, claim, Op.Control, encodeV2Control({ transfer: 1, requestType: 0x80, ...setup, length: 18, data: new Uint8Array() }));
    ask(viewer, claim, Op.Interrupt, write(2, Uint8Array.of(7), 0x04));
    expect(await heard(viewer)).toEqual(['1 ok 2', '2 ok 1']);
    expect(seen).toEqual([
      { requestType: 0x80, ...setup, length: 18, data: undefined },
      { endpoint: 4, direction: 'out', timeoutMs: 1000, length: 0, data: Uint8Array.of(7) },
    ]);
  });

  it('U16: long ones come in fragments and go in fragments, mixed with others', async () => {
    const written: number[] = [];
    const transfer: FakeTransfer = (request) => {
      if (request.data !== undefined) written.push(request.data.reduce((sum, byte) => sum + byte, 0));
      return Promise.resolve(new Uint8Array(request.length));
    };
    const { viewer, claim } = await openedV2(fakeDevice({ transfer }));
    const [one, other] = [
      [...fragmentV2(Op.Bulk, claim, write(1, new Uint8Array(40_000).fill(1)))],
      [...fragmentV2(Op.Bulk, claim, write(2, new Uint8Array(40_000).fill(2)))],
    ];
    for (const [at, frame] of one.entries()) for (const part of [frame, other[at]]) if (part !== undefined) viewer.sendFrame(part);
    expect(await heard(viewer)).toEqual(['1 ok 40000', '2 ok 40000']);
    expect(written).toEqual([40_000, 80_000]);
    ask(viewer, claim, Op.Bulk, read(3, 20_000));
    expect(await heard(viewer)).toEqual(['3 ok 20000', '… 3625']);
  });

  it('U18: an endpoint that is stuck holds no other up', async () => {
    const transfer: FakeTransfer = (request, signal) =>
      'endpoint' in request && request.endpoint === 0x81 ? neverAnswers(request, signal) : Promise.resolve(new Uint8Array(1));
    const { viewer, claim } = await openedV2(fakeDevice({ transfer }));
    ask(viewer, claim, Op.Bulk, read(1, 8));
    ask(viewer, claim, Op.Interrupt, read(2, 8, 0x83));
    expect(await heard(viewer)).toEqual(['2 ok 1']);
  });

  it.each([
    ['U15: a stall', read(1, 8), new CodedError('usb.stall', 'stalled'), '1 usb.stall'],
    ['E5: what is not coded', read(1, 8), new Error('/dev/secret'), '1 internal'],
    ['U2.7: an isochronous endpoint', read(1, 8, 0x85), undefined, '1 usb.unsupported'],
    ['U1.5: an endpoint that is not there', read(1, 8, 0x8f), undefined, '1 usb.transfer-failed'],
    ['U14: a read that brings data', Uint8Array.of(...read(1, 8), 0), undefined, '1 message.malformed'],
    ['U14: more than 1 MiB', read(1, 2 ** 20 + 1), undefined, '1 message.malformed'],
    ['U14: a write that lacks data', write(1, new Uint8Array(9)).subarray(0, -1), undefined, '1 message.malformed'],
    ['U14: less than a header', read(1, 8).subarray(0, 9), undefined, '1 frame.truncated'],
  ])('%s is answered by code, and the claim goes on', async (_name, message, failure, expected) => {
    let failing = failure;
    const transfer: FakeTransfer = (request) => {
      const why = failing;
      failing = undefined;
      return why === undefined ? Promise.resolve(new Uint8Array(request.length)) : Promise.reject(why);
    };
    const { viewer, claim } = await openedV2(fakeDevice({ transfer }));
    ask(viewer, claim, Op.Bulk, message);
    expect(await heard(viewer)).toEqual([expected]);
    ask(viewer, claim, Op.Bulk, read(1, 2));
    expect(await heard(viewer)).toEqual(['1 ok 2']);
  });
});

describe('fragments of a stranger', () => {
  it.each([
    ['more than was said', [new Uint8Array(4 + 30_000)]],
    ['one in between that is not full', [new Uint8Array(4 + 10)]],
  ])('U16: %s ends that transfer, and what follows of it is dropped', async (_name, parts) => {
    const { viewer, claim } = await openedV2();
    const [first] = fragmentV2(Op.Bulk, claim, write(0, new Uint8Array(17_000)));
    if (first !== undefined) viewer.sendFrame(first);
    for (const payload of parts) {
      const flags = FLAG_V2 | FLAG_CONTINUED;
      for (let at = 0; at < 3; at += 1) viewer.sendFrame({ op: Op.Bulk, flags, claim, payload: payload.subarray(0, 16_384) });
    }
    expect(await heard(viewer)).toEqual(['0 message.malformed']);
  });

  it('U16: a fragment of nothing is dropped', async () => {
    const { viewer, claim } = await openedV2();
    viewer.sendFrame({ op: Op.Bulk, flags: FLAG_V2 | FLAG_CONTINUED | FLAG_EOF, claim, payload: new Uint8Array(100) });
    expect(await heard(viewer)).toEqual([]);
  });

  it('U16: a request that is never whole is given up after a minute, and its room is free again', async () => {
    const { provider, viewer, claim } = await openedV2();
    for (const transfer of [1, 2]) {
      const [first] = fragmentV2(Op.Bulk, claim, write(transfer, new Uint8Array(2 ** 20)));
      if (first !== undefined) viewer.sendFrame(first);
    }
    ask(viewer, claim, Op.Bulk, read(3, 8));
    expect(await heard(viewer)).toEqual(['2 usb.credit-exhausted', '3 ok 8']);
    provider.clock.advance(60_000);
    expect(await heard(viewer)).toEqual(['1 usb.timeout']);
    ask(viewer, claim, Op.Bulk, write(4, new Uint8Array(2 ** 20)));
    expect(await heard(viewer)).toEqual(['4 ok 1048576']);
    expect(provider.clock.waiting).toBe(0);
  });

  it('U18: an id that is under way can not be used again, and the first goes on', async () => {
    const { transfer, answers } = heldTransfers();
    const { viewer, claim } = await openedV2(fakeDevice({ transfer }));
    ask(viewer, claim, Op.Bulk, read(1, 8));
    ask(viewer, claim, Op.Bulk, read(1, 8));
    viewer.sendFrame({ op: Op.Bulk, flags: FLAG_V2, claim, payload: Uint8Array.of(1, 2) });
    answers[0]?.(new Uint8Array(8));
    const frames = await heard(viewer);
    expect(answers).toHaveLength(1);
    expect(frames).toEqual([
      '255 {"error": "bad payload: transfer 1 is under way"}',
      expect.stringMatching(/^255 {"error": "bad payload: transfer: 4 bytes wanted/),
      '1 ok 8',
    ]);
  });

  it('V6: any frames at all leave the channel alive and nothing running', async () => {
    const { viewer, claim, provider } = await openedV2(fakeDevice({ transfer: neverAnswers }));
    const frame = fc.record({
      op: fc.constantFrom(Op.Control, Op.Bulk, Op.Interrupt, Op.Cancel, Op.Config, Op.Subscribe, Op.Credit, Op.Devices),
      flags: fc.constantFrom(2, 3, 6, 7),
      claim: fc.constant(claim),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.record({ id: fc.nat({ max: 3 }), length: fc.nat({ max: 2 ** 21 }) }).map(({ id, length }) => read(id, length, length & 0xff)),
        fc
          .tuple(fc.nat({ max: 3 }), fc.nat({ max: 7 }), fc.nat({ max: 255 }))
          .map(([id, action, first]) => Uint8Array.of(0, 0, 0, id, 0, 0, 0, 99, action, first, 0)),
        fc
          .tuple(fc.nat({ max: 3 }), fc.constantFrom(0x81, 0x83, 0x85, 0x02), fc.nat({ max: 17 }))
          .map(([id, endpoint, reads]) => Uint8Array.of(0, 0, 0, id, 0, 0, 0, 64, endpoint, reads, 0, 9)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 20 }), async (frames) => {
        for (const one of frames) viewer.sendFrame(one);
        await settle();
        viewer.frames.length = 0;
      }),
      { numRuns: 50 },
    );
    provider.clock.advance(60_000);
    viewer.send(Op.Close, claim);
    expect((await heard(viewer)).at(-1)).toBe('9 {"ok": true}');
    expect(provider.clock.waiting).toBe(0);
  });
});

describe('the window', () => {
  it('U13: a frame more than it has is refused, and nothing is executed', async () => {
    const { transfer, answers } = heldTransfers();
    const { viewer, claim } = await openedV2(fakeDevice({ transfer }));
    for (let id = 0; id <= V2_WINDOW.frames; id += 1) ask(viewer, claim, Op.Bulk, read(id, 8));
    expect(await heard(viewer)).toEqual([`${V2_WINDOW.frames} usb.credit-exhausted`]);
    expect(answers).toHaveLength(V2_WINDOW.frames);
    answers[0]?.(new Uint8Array());
    await heard(viewer);
    ask(viewer, claim, Op.Bulk, read(999, 8));
    await settle();
    expect(answers).toHaveLength(V2_WINDOW.frames + 1);
  });

  it('U13: so is a byte more', async () => {
    const { viewer, claim } = await openedV2(fakeDevice({ transfer: neverAnswers }));
    for (let id = 1; id <= 2; id += 1) ask(viewer, claim, Op.Bulk, read(id, 2 ** 20));
    ask(viewer, claim, Op.Bulk, read(3, 1));
    ask(viewer, claim, Op.Bulk, read(4, 0));
    expect(await heard(viewer)).toEqual(['3 usb.credit-exhausted']);
  });

  it('U13: who hears a reply has its room, at once', async () => {
    const { viewer, claim } = await openedV2();
    let answered = 0;
    while (answered < 20) {
      for (const id of [1, 2]) ask(viewer, claim, Op.Bulk, read(id, 2 ** 20));
      const last = (frame: UsbFrame) => (frame.flags & FLAG_EOF) !== 0;
      while (viewer.frames.filter(last).length < 2) await settle();
      expect(viewer.frames.filter((frame) => (frame.flags & FLAG_CONTINUED) === 0).map(told)).toEqual(['1 ok 1048576', '2 ok 1048576']);
      viewer.frames.length = 0;
      answered += 2;
    }
  });

  it('U1.11: a viewer that is locked out is told so by each reply, and may cancel and close', async () => {
    const { viewer, claim } = await openedV2(fakeDevice({ transfer: neverAnswers }));
    ask(viewer, claim, Op.Bulk, read(1, 8));
    for (let id = 2; id < 22; id += 1) ask(viewer, claim, Op.Bulk, read(id, 2 ** 21));
    await heard(viewer);
    ask(viewer, claim, Op.Bulk, read(30, 8));
    expect(await heard(viewer)).toEqual(['30 usb.locked-out']);
    cancel(viewer, claim, 1);
    expect(await heard(viewer)).toEqual(['1 usb.cancelled']);
    viewer.send(Op.Close, claim);
    expect(await heard(viewer)).toEqual(['9 {"ok": true}']);
  });
});

describe('CANCEL', () => {
  it('U17: ends the one that it names', async () => {
    const { viewer, claim } = await openedV2(fakeDevice({ transfer: neverAnswers }));
    for (const id of [1, 2]) ask(viewer, claim, Op.Bulk, read(id, 8));
    cancel(viewer, claim, 2);
    expect(await heard(viewer)).toEqual(['2 usb.cancelled']);
  });

  it('U17: ends one that is not whole yet', async () => {
    const { viewer, claim, provider } = await openedV2();
    const [first, second] = fragmentV2(Op.Bulk, claim, write(5, new Uint8Array(20_000)));
    if (first !== undefined) viewer.sendFrame(first);
    cancel(viewer, claim, 5);
    if (second !== undefined) viewer.sendFrame(second);
    expect(await heard(viewer)).toEqual(['5 usb.cancelled']);
    expect(provider.clock.waiting).toBe(0);
  });

  it('U17: of what is not under way, and of nothing, is ignored', async () => {
    const { viewer, claim } = await openedV2();
    ask(viewer, claim, Op.Bulk, read(1, 8));
    await heard(viewer);
    cancel(viewer, claim, 1);
    viewer.sendFrame({ op: Op.Cancel, flags: FLAG_V2, claim, payload: new Uint8Array(2) });
    expect(await heard(viewer)).toEqual([]);
  });

  it('U17: is unknown without v2', async () => {
    const viewer = new ProviderBench(new FakeBackend(fakeDevice())).attach();
    const { claim } = await viewer.open();
    cancel(viewer, claim, 1);
    expect(await heard(viewer)).toEqual(['255 {"error": "bad frame: unknown opcode 0x0b"}']);
  });
});

describe('the end', () => {
  it('U11, U18: of the device answers what is under way, whole or not, and then says CLOSED', async () => {
    const { backend, device, viewer, claim, provider } = await openedV2(fakeDevice({ transfer: neverAnswers }));
    ask(viewer, claim, Op.Bulk, read(1, 8));
    const [first] = fragmentV2(Op.Bulk, claim, write(2, new Uint8Array(20_000)));
    if (first !== undefined) viewer.sendFrame(first);
    backend.unplug(device);
    const frames = await heard(viewer);
    expect([...frames.slice(0, 2)].sort()).toEqual(['1 usb.device-gone', '2 usb.device-gone']);
    expect(frames.slice(2)).toEqual(['9 {"ok": false, "error": "the device was unplugged [usb.device-gone]"}']);
    expect(provider.clock.waiting).toBe(0);
  });

  it('U18: what was on its way when the claim ended is answered with the reason, and is no strike', async () => {
    const { backend, device, viewer, claim } = await openedV2();
    backend.unplug(device);
    await heard(viewer);
    for (let id = 0; id < 100; id += 1) ask(viewer, claim, Op.Bulk, read(id, 8));
    expect(new Set((await heard(viewer)).map((reply) => reply.split(' ')[1]))).toEqual(new Set(['usb.device-gone']));
  });

  it('U18: on the channel that lost its claim to a RESUME nothing is served', async () => {
    const { provider, viewer, claim, token } = await openedV2();
    const next = provider.attach();
    next.send(Op.Resume, 0, { resume_token: token, ext: ['v2'] });
    await next.next();
    await heard(viewer);
    ask(viewer, claim, Op.Bulk, read(1, 8));
    expect(await heard(viewer)).toEqual([]);
  });

  it('U18: what was under way before a RESUME is answered to nobody, and the window is new', async () => {
    const { transfer, answers } = heldTransfers();
    const { provider, viewer, claim, token } = await openedV2(fakeDevice({ transfer }));
    for (let id = 0; id < V2_WINDOW.frames; id += 1) ask(viewer, claim, Op.Bulk, read(id, 8));
    await settle();
    viewer.provider.detach();
    const next = provider.attach();
    next.send(Op.Resume, 0, { resume_token: token, ext: ['v2'] });
    expect(await next.next()).toContain('"window_frames": 128');
    ask(next, claim, Op.Bulk, read(0, 8));
    await settle();
    for (const answer of answers) answer(new Uint8Array(4));
    expect(await heard(next)).toEqual(['0 ok 4']);
    expect(viewer.frames).toEqual([]);
  });

  it('U12: a claim that is resumed without asking is the base protocol’s again', async () => {
    const { provider, viewer, claim, token } = await openedV2();
    viewer.provider.detach();
    const next = provider.attach();
    next.send(Op.Resume, 0, { resume_token: token });
    expect(await next.next()).not.toContain('ext');
    ask(next, claim, Op.Bulk, read(1, 8));
    expect(await heard(next)).toEqual([expect.stringMatching(/^255 {"error": "bad payload: /), '7 {"credits": 1}']);
  });

  it('U18: while a long reply goes out, the channel’s end ends it', async () => {
    const { viewer, claim } = await openedV2();
    viewer.gate = new Promise(() => undefined);
    ask(viewer, claim, Op.Bulk, read(1, 100_000));
    await settle();
    viewer.provider.detach();
    viewer.gate = undefined;
    expect(await heard(viewer)).toEqual(['1 ok 100000']);
  });
});

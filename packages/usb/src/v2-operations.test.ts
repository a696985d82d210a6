import { CodedError, decodeV2Reply, encodeV2Cancel, encodeV2Config, encodeV2Subscribe, FLAG_V2, Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../testing/code-of.ts';
import { FakeBackend, type FakeDevice, type FakeTransfer, fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { loopbackBench } from '../testing/loopback-bench.ts';
import { ALLOW_ALL, ProviderBench, settle } from '../testing/provider-bench.ts';
import type { UsbClaimHandle } from './client-claim.ts';
import type { AccessPolicy } from './policy.ts';

const QUERY = { vendorId: '1209', productId: '0001' };

function loopback(device: FakeDevice = fakeDevice(), policy: AccessPolicy = ALLOW_ALL) {
  const { connect, ...bench } = loopbackBench([device], { policy });
  return { ...bench, device, ...connect() };
}

async function opened(device?: FakeDevice) {
  const bench = loopback(device);
  return { ...bench, claim: await bench.client.open(QUERY) };
}

/** Transfers that wait for the test to give them something, in the order in which they came. */
function fed() {
  const waiting: { readonly endpoint: number; readonly give: (bytes: Uint8Array) => void; readonly fail: (error: CodedError) => void }[] =
    [];
  const transfer: FakeTransfer = (request, signal) =>
    new Promise((give, fail) => {
      const stop = () => fail(new CodedError('usb.cancelled', 'the transfer was cancelled'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      waiting.push({ endpoint: 'endpoint' in request ? request.endpoint : 0, give, fail });
    });
  return { device: fakeDevice({ transfer }), waiting };
}

async function take(pushes: AsyncIterator<Uint8Array>, count: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const next = await pushes.next();
    if (next.done === true) break;
    taken.push(next.value[0] ?? -1);
  }
  return taken;
}

describe('CONFIG', () => {
  it.each([
    { action: 'set-configuration', value: 1 },
    { action: 'set-interface', interfaceNumber: 0, alternate: 0 },
    { action: 'clear-halt', endpoint: 0x81 },
    { action: 'reset' },
    { action: 'claim-interface', interfaceNumber: 0 },
    { action: 'release-interface', interfaceNumber: 0 },
  ] as const)('U19: $action reaches the operating system', async (change) => {
    const { claim, backend } = await opened();
    await claim.configure(change);
    expect(backend.opened[0]?.changes).toEqual([change]);
  });

  it.each([
    ['an interface that it doesn’t have', { action: 'claim-interface', interfaceNumber: 255 }],
    ['an alternate setting that it doesn’t have', { action: 'set-interface', interfaceNumber: 0, alternate: 1 }],
    ['an endpoint that it doesn’t have', { action: 'clear-halt', endpoint: 0x0f }],
  ] as const)('U19, CVE-2026-24679: %s is refused before anything is asked of the device', async (_name, change) => {
    const { claim, backend } = await opened();
    expect(await codeOf(claim.configure(change))).toBe('usb.transfer-failed');
    expect(backend.opened[0]?.changes).toEqual([]);
  });

  it('CVE-2026-24679: every interface number but the device’s own is refused, by CONFIG and by control requests', async () => {
    const { claim, backend } = await opened();
    for (let number = 1; number < 256; number += 1) {
      expect(await codeOf(claim.configure({ action: 'release-interface', interfaceNumber: number }))).toBe('usb.transfer-failed');
      expect(await codeOf(claim.control({ requestType: 0x01, request: 11, value: 0, index: number }))).toBe('usb.stall');
    }
    expect(backend.opened[0]?.changes).toEqual([]);
  });

  it('U19: ends what is under way on the endpoints concerned, and nothing else', async () => {
    const { device } = fed();
    const { claim } = await opened(device);
    const bulk = codeOf(claim.bulk({ endpoint: 0x81, length: 64 }));
    let isControlOver = false;
    const control = codeOf(claim.control({ requestType: 0xc0, request: 1, length: 8 })).finally(() => {
      isControlOver = true;
    });
    await settle();
    await claim.configure({ action: 'set-interface', interfaceNumber: 0, alternate: 0 });
    expect(await bulk).toBe('usb.cancelled');
    expect(isControlOver).toBe(false);
    await claim.close();
    await control;
  });

  it('U19: the endpoints of an interface that was released are refused until it is claimed again', async () => {
    const { claim } = await opened();
    await claim.configure({ action: 'release-interface', interfaceNumber: 0 });
    expect(await codeOf(claim.bulk({ endpoint: 0x81, length: 8 }))).toBe('usb.transfer-failed');
    await claim.configure({ action: 'claim-interface', interfaceNumber: 0 });
    expect(await claim.bulk({ endpoint: 0x81, length: 8 })).toHaveLength(8);
  });

  it.each([
    ['SET_CONFIGURATION', { requestType: 0x00, request: 9, value: 1 }, { action: 'set-configuration', value: 1 }],
    [
      'SET_INTERFACE',
      { requestType: 0x01, request: 11, value: 0, index: 0 },
      { action: 'set-interface', interfaceNumber: 0, alternate: 0 },
    ],
    ['CLEAR_FEATURE of a halt', { requestType: 0x02, request: 1, value: 0, index: 0x81 }, { action: 'clear-halt', endpoint: 0x81 }],
  ] as const)('U19: %s as a control request is done by the operating system, not behind its back', async (_name, transfer, change) => {
    const { claim, backend } = await opened();
    await claim.control(transfer);
    expect(backend.opened[0]?.changes).toEqual([change]);
  });

  it('U19: is refused by code to a claim of the base protocol', async () => {
    const viewer = new ProviderBench(new FakeBackend(fakeDevice())).attach();
    const { claim } = await viewer.open();
    const payload = encodeV2Config({ transfer: 1, timeoutMs: 1000, change: { action: 'reset' } });
    viewer.sendFrame({ op: Op.Config, flags: FLAG_V2, claim, payload });
    expect(await viewer.next()).toBe('Error 0 {"error": "bad frame: unknown opcode 0x0d"}');
  });
});

describe('SUBSCRIBE', () => {
  it('U20: keeps reads pending and pushes what they bring, in order', async () => {
    const { device, waiting } = fed();
    const { claim } = await opened(device);
    const subscription = await claim.subscribe({ endpoint: 0x83, length: 8, reads: 3, credits: 8 });
    await settle();
    expect(waiting).toHaveLength(3);
    waiting[1]?.give(Uint8Array.of(2));
    waiting[0]?.give(Uint8Array.of(1));
    waiting[2]?.give(new Uint8Array());
    const pushes = subscription[Symbol.asyncIterator]();
    expect(await take(pushes, 3)).toEqual([1, 2, -1]);
    await settle();
    expect(waiting).toHaveLength(6);
  });

  it('U20: reads no further than its credits, until they are granted anew', async () => {
    const served: number[] = [];
    const transfer: FakeTransfer = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      served.push(served.length);
      return Uint8Array.of(served.length);
    };
    const { claim } = await opened(fakeDevice({ transfer }));
    const subscription = await claim.subscribe({ endpoint: 0x81, length: 8, reads: 4, credits: 6 });
    for (let turn = 0; turn < 10; turn += 1) await settle();
    expect(served).toHaveLength(6);
    const pushes = subscription[Symbol.asyncIterator]();
    expect(await take(pushes, 3)).toEqual([1, 2, 3]);
    for (let turn = 0; turn < 10; turn += 1) await settle();
    expect(served).toHaveLength(9);
    await subscription.close();
  });

  it('U20: ends when it is closed, and what had come can still be taken', async () => {
    const { device, waiting } = fed();
    const { claim, provider } = await opened(device);
    const subscription = await claim.subscribe({ endpoint: 0x83, length: 8 });
    await settle();
    waiting[0]?.give(Uint8Array.of(7));
    await settle();
    await subscription.close();
    expect(await take(subscription[Symbol.asyncIterator](), 5)).toEqual([7]);
    expect(await codeOf(claim.interrupt({ endpoint: 0x83, length: 8, signal: AbortSignal.abort(new CodedError('usb.closed', 'x')) }))).toBe(
      'usb.closed',
    );
    provider.detach();
  });

  it('U20: a stall is its last push', async () => {
    const { device, waiting } = fed();
    const { claim } = await opened(device);
    const subscription = await claim.subscribe({ endpoint: 0x83, length: 8 });
    await settle();
    waiting[0]?.give(Uint8Array.of(1));
    waiting[1]?.fail(new CodedError('usb.stall', 'the device stalled'));
    const pushes = subscription[Symbol.asyncIterator]();
    expect(await take(pushes, 1)).toEqual([1]);
    expect(await codeOf(pushes.next())).toBe('usb.stall');
    // The endpoint is free again.
    const again = await claim.subscribe({ endpoint: 0x83, length: 8 });
    await settle();
    expect(waiting.length).toBeGreaterThan(4);
    await again.close();
  });

  it('U20: a read that finds nothing in its time is begun again in silence', async () => {
    const { device, waiting } = fed();
    const { claim } = await opened(device);
    const subscription = await claim.subscribe({ endpoint: 0x83, length: 8, reads: 1 });
    await settle();
    waiting[0]?.fail(new CodedError('usb.timeout', 'nothing came'));
    await settle();
    waiting[1]?.give(Uint8Array.of(5));
    expect(await take(subscription[Symbol.asyncIterator](), 1)).toEqual([5]);
    await subscription.close();
  });

  it.each([
    ['an endpoint that it doesn’t have', 0x8f, 'usb.unsupported'],
    ['an isochronous endpoint', 0x85, 'usb.unsupported'],
  ] as const)('U20: %s is refused', async (_name, endpoint, code) => {
    const { claim } = await opened();
    const subscription = await claim.subscribe({ endpoint, length: 8 });
    expect(await codeOf(subscription[Symbol.asyncIterator]().next())).toBe(code);
  });

  it('U20: has its endpoint to itself', async () => {
    const { device } = fed();
    const { claim } = await opened(device);
    const subscription = await claim.subscribe({ endpoint: 0x83, length: 8 });
    await settle();
    expect(await codeOf(claim.interrupt({ endpoint: 0x83, length: 8 }))).toBe('usb.transfer-failed');
    const second = await claim.subscribe({ endpoint: 0x83, length: 8 });
    expect(await codeOf(second[Symbol.asyncIterator]().next())).toBe('usb.transfer-failed');
    await subscription.close();
  });

  it('U20, U13: more than the window has room for is refused, and nothing is read', async () => {
    const viewer = new ProviderBench(new FakeBackend(fakeDevice({ transfer: neverAnswers }))).attach();
    const { claim } = await viewer.open({ vendor_id: '1209', product_id: '0001', ext: ['v2'] });
    for (const [transfer, endpoint] of [
      [1, 0x81],
      [2, 0x83],
      [3, 0x83],
    ] as const) {
      const payload = encodeV2Subscribe({ transfer, length: 65_536, endpoint, reads: 16, credits: 1024 });
      viewer.sendFrame({ op: Op.Subscribe, flags: FLAG_V2, claim, payload });
    }
    await settle();
    expect(viewer.frames.map(({ payload }) => decodeV2Reply(payload))).toMatchObject([
      { transfer: 3, code: 'usb.credit-exhausted' }, // the two others hold 2 MiB
    ]);
  });

  it('U20: a grant for nothing, and noise as a grant, change nothing', async () => {
    const viewer = new ProviderBench(new FakeBackend(fakeDevice())).attach();
    const { claim } = await viewer.open({ vendor_id: '1209', product_id: '0001', ext: ['v2'] });
    for (const payload of [encodeV2Cancel(9), Uint8Array.of(0, 0, 0, 9, 0, 1), new Uint8Array()]) {
      viewer.sendFrame({ op: Op.Credit, flags: FLAG_V2, claim, payload });
    }
    await settle();
    expect(viewer.frames).toEqual([]);
  });

  it('U1.7, U20: a device that leaves ends it before the claim is closed', async () => {
    const { device } = fed();
    const { claim, backend } = await opened(device);
    const subscription = await claim.subscribe({ endpoint: 0x83, length: 8 });
    await settle();
    backend.unplug(device);
    expect(await codeOf(subscription[Symbol.asyncIterator]().next())).toBe('usb.device-gone');
    expect((await claim.closed)?.code).toBe('usb.device-gone');
  });

  it('U1.8, U20: a channel that drops ends its reads, and the device can be read on the next one', async () => {
    const { device, waiting } = fed();
    const { claim, provider, claims } = await opened(device);
    await claim.subscribe({ endpoint: 0x83, length: 8, reads: 2 });
    await settle();
    provider.detach();
    await settle();
    expect([waiting.length, claims.all()[0]?.statistics.inFlight]).toEqual([2, 0]);
  });

  it('U20: needs a host that speaks v2', async () => {
    const bench = loopback();
    const claim: UsbClaimHandle = await bench.client.open(QUERY);
    await claim.close();
    expect(await codeOf(claim.subscribe({ endpoint: 0x83, length: 8 }))).toBe('usb.closed');
  });
});

describe('DEVICES', () => {
  it('U21: a viewer that asks is told what comes and goes', async () => {
    const { client, backend } = loopback();
    const news: string[] = [];
    const { devices, tellsNews } = await client.watch(({ kind, device }) => news.push(`${kind} ${device.serial}`));
    expect([devices.length, tellsNews]).toEqual([1, true]);
    const other = fakeDevice({ serial: 'B2' });
    backend.plug(other);
    await settle();
    backend.unplug(other);
    await settle();
    expect(news).toEqual(['added B2', 'removed B2']);
  });

  it('U21: one that doesn’t ask isn’t', async () => {
    const backend = new FakeBackend();
    const viewer = new ProviderBench(backend).attach();
    viewer.send(Op.List, 0);
    await viewer.next();
    backend.plug(fakeDevice());
    await settle();
    expect(viewer.frames).toEqual([]);
  });

  it('U1.3, U21: nor of devices that its rules deny; a rule that changes is news', async () => {
    let isShown = false;
    const listeners: (() => void)[] = [];
    const policy: AccessPolicy = {
      ...ALLOW_ALL,
      shows: () => isShown,
      onChange(listener) {
        listeners.push(listener);
        return () => undefined;
      },
    };
    const { client, backend } = loopback(fakeDevice(), policy);
    const news: string[] = [];
    await client.watch(({ kind, device }) => news.push(`${kind} ${device.serial}`));
    backend.plug(fakeDevice({ serial: 'B2' }));
    await settle();
    expect(news).toEqual([]);
    isShown = true;
    for (const changed of listeners) changed();
    await settle();
    expect(news).toEqual(['added A1', 'added B2']);
  });

  it('U21: a channel that takes nothing costs no memory: it is told what all news come to', async () => {
    const backend = new FakeBackend();
    const viewer = new ProviderBench(backend).attach();
    viewer.send(Op.List, 0, { ext: ['v2'] });
    await viewer.next();
    let open: () => void = () => undefined;
    viewer.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = fakeDevice({ serial: 'first' });
    backend.plug(first);
    await settle();
    for (let round = 0; round < 1000; round += 1) {
      const device = fakeDevice({ serial: `round ${round}` });
      backend.plug(device);
      backend.unplug(device);
    }
    backend.unplug(first);
    await settle();
    expect(viewer.frames).toHaveLength(1);
    viewer.gate = undefined;
    open();
    await settle();
    expect(viewer.frames).toHaveLength(2);
  });
});

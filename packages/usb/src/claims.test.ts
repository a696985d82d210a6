import { CodedError, isCoded } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { FakeBackend, fakeDevice } from '../testing/fake-backend.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { ALLOW_ALL } from '../testing/provider-bench.ts';
import type { UsbDeviceHandle } from './backend.ts';
import { ClaimTable } from './claims.ts';

const closed = new CodedError('usb.closed', 'closed');
const holder = { claimEnded: () => undefined };

async function handles(count: number): Promise<readonly UsbDeviceHandle[]> {
  const devices = Array.from({ length: count }, (_, index) => fakeDevice({ serial: String(index) }));
  const backend = new FakeBackend(...devices);
  return Promise.all(devices.map(({ description }) => backend.open(description)));
}

function table(limits: { maxPerViewer?: number; maxTotal?: number } = {}): ClaimTable {
  let last = 0;
  const random = (length: number) => {
    last += 1;
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(0, last);
    return bytes;
  };
  return new ClaimTable({ clock: new ManualClock(), random, ...limits });
}

describe('claims', () => {
  it('U1.11: the host has a limit over all viewers', async () => {
    const claims = table({ maxTotal: 3, maxPerViewer: 2 });
    const [one, two, three] = await handles(3);
    if (one === undefined || two === undefined || three === undefined) throw new Error('no handles');
    claims.reserve('a').fill({ handle: one, holder: holder, policy: ALLOW_ALL, audit: () => undefined });
    claims.reserve('a').fill({ handle: two, holder: holder, policy: ALLOW_ALL, audit: () => undefined });
    const opening = claims.reserve('b');
    expect(codeOf(() => claims.reserve('b'))).toBe('usb.claim-limit');
    opening.release();
    opening.release();
    claims.reserve('b').fill({ handle: three, holder: holder, policy: ALLOW_ALL, audit: () => undefined });
    expect(codeOf(() => claims.reserve('c'))).toBe('usb.claim-limit');
    await claims.endOf('a');
    expect(claims.all().map((claim) => claim.viewer)).toEqual(['b']);
    await claims.endOf();
    expect(claims.all()).toEqual([]);
  });

  it('U1.11: places that are being opened count, too', () => {
    const claims = table({ maxPerViewer: 2 });
    const places = [claims.reserve('a'), claims.reserve('a')];
    expect(codeOf(() => claims.reserve('a'))).toBe('usb.claim-limit');
    for (const place of places) place.release();
    claims.reserve('a').release();
  });

  it('U1.7: ending a claim twice closes its device once', async () => {
    const claims = table();
    const [handle] = await handles(1);
    if (handle === undefined) throw new Error('no handle');
    let closings = 0;
    handle.close = () => {
      closings += 1;
      return Promise.resolve();
    };
    const claim = claims.reserve('a').fill({ handle: handle, holder: holder, policy: ALLOW_ALL, audit: () => undefined });
    await Promise.all([claims.end(claim, closed), claims.end(claim, closed)]);
    await claims.endOf();
    expect([closings, claims.held(claim.id, holder)]).toEqual([1, undefined]);
  });
});

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'it worked';
  } catch (error) {
    return isCoded(error) ? error.code : 'not coded';
  }
}

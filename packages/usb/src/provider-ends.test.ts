import { CodedError, Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { ALLOW_ALL, answers, bench, settle } from '../testing/provider-bench.ts';

const READ = { endpoint: 0x81, direction: 'in', length: 3 };

describe('CLOSE', () => {
  it('U1.7: gives the device back and says so; a second one is an ERROR', async () => {
    const { backend, provider, viewer } = bench();
    const { claim } = await viewer.open();
    viewer.send(Op.Close, claim);
    viewer.send(Op.Close, claim);
    expect(await answers(viewer)).toEqual(['Error 1 {"error": "unknown claim_id 1"}', 'Closed 1 {"ok": true}']);
    expect(backend.openHandles).toBe(0);
    expect(provider.audited.at(-2)).toMatchObject({ event: 'usb_close', claim: 1 });
    expect(provider.clock.waiting).toBe(0);
  });

  it('U1.7: pending transfers end first', async () => {
    const { viewer } = bench(fakeDevice({ transfer: neverAnswers }));
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    viewer.send(Op.Bulk, claim, READ);
    await settle();
    viewer.send(Op.Close, claim);
    expect(await answers(viewer)).toEqual([
      ...new Array<string>(2).fill('Bulk 1 {"ok": false, "error": "handle is closed"}'),
      'Closed 1 {"ok": true}',
    ]);
  });

  it('usb-wire §5.8: a device that fails to close is an ERROR, and the claim is gone all the same', async () => {
    const { backend, viewer } = bench();
    const { claim } = await viewer.open();
    backend.failing = { close: new CodedError('usb.transfer-failed', 'stuck') };
    viewer.send(Op.Close, claim);
    expect(await answers(viewer)).toEqual(['Error 1 {"error": "close failed: stuck [usb.transfer-failed]"}']);
    viewer.send(Op.Bulk, claim, READ);
    expect(await answers(viewer)).toEqual(['Error 1 {"error": "unknown claim_id 1"}']);
  });

  it('U1.4: a claim id is not given again before the others are used up', async () => {
    const { viewer } = bench();
    const first = await viewer.open();
    viewer.send(Op.Close, first.claim);
    await answers(viewer);
    expect((await viewer.open()).claim).toBe(2);
  });
});

describe('a device that leaves', () => {
  it('U1.7, usb-wire §0 row 6: the pending reply first, then CLOSED, unasked', async () => {
    const device = fakeDevice({ transfer: neverAnswers });
    const { backend, provider, viewer } = bench(device);
    const { claim } = await viewer.open();
    viewer.send(Op.Bulk, claim, READ);
    await settle();
    backend.unplug(device);
    expect(await answers(viewer)).toEqual([
      'Bulk 1 {"ok": false, "error": "the device was unplugged [usb.device-gone]"}',
      'Closed 1 {"ok": false, "error": "the device was unplugged [usb.device-gone]"}',
    ]);
    expect(provider.audited.at(-1)).toMatchObject({ event: 'usb_device_gone', detail: 'the device was unplugged' });
    expect(provider.claims.all()).toEqual([]);
    expect(backend.openHandles).toBe(0);
  });

  it('U1.7: also where the device can not even be closed', async () => {
    const device = fakeDevice();
    const { backend, viewer } = bench(device);
    await viewer.open();
    backend.failing = { close: new CodedError('usb.transfer-failed', 'stuck') };
    backend.unplug(device);
    expect(await answers(viewer)).toEqual(['Closed 1 {"ok": false, "error": "the device was unplugged [usb.device-gone]"}']);
  });
});

describe('revocation', () => {
  it('design §5: takes open claims back at once, and tells their viewers', async () => {
    const { backend, provider } = bench(fakeDevice({ transfer: neverAnswers }), fakeDevice({ vendorId: '0403' }));
    let denied = '';
    const viewer = provider.attach('viewer-1', { ...ALLOW_ALL, shows: (device) => device.vendorId !== denied });
    const { claim } = await viewer.open();
    await viewer.open({ vendor_id: '0403', product_id: '0001' });
    viewer.send(Op.Bulk, claim, READ);
    await settle();
    denied = '1209';
    await provider.claims.revokeDenied();
    expect(await answers(viewer)).toEqual([
      'Bulk 1 {"ok": false, "error": "denied by ACL policy"}',
      'Closed 1 {"ok": false, "error": "denied by ACL policy"}',
    ]);
    expect(backend.openHandles).toBe(1);
  });
});

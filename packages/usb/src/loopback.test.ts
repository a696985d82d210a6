import { isCoded } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { loopbackBench } from '../testing/loopback-bench.ts';

const QUERY = { vendorId: '1209', productId: '0001' };

describe('loopback', () => {
  it('U4.4: viewer and device side meet in frames: list, open, transfer, close', async () => {
    const { backend, connect } = loopbackBench([fakeDevice()]);
    const { client, close } = connect();
    expect((await client.list()).map((device) => device.serial)).toEqual(['A1']);
    const claim = await client.open(QUERY);
    expect(await claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 4 })).toEqual(Uint8Array.of(0, 1, 2, 3));
    const large = await claim.bulk({ endpoint: 0x81, length: 1024 * 1024 });
    expect(large).toHaveLength(1024 * 1024);
    expect(large.every((byte, index) => byte === (index & 0xff))).toBe(true);
    await claim.bulk({ endpoint: 2, data: new Uint8Array(40_000) });
    await claim.close();
    expect(backend.openHandles).toBe(0);
    await close();
  });

  it('usb-wire §0, row 2: a claim has no end of transfers', async () => {
    const { connect } = loopbackBench([fakeDevice()]);
    const { client, close } = connect();
    const claim = await client.open(QUERY);
    for (let round = 0; round < 100; round += 1) await claim.interrupt({ endpoint: 0x83, length: 8 });
    await close();
  });

  it('U1.8: a claim survives its channel, by its token', async () => {
    const { backend, connect } = loopbackBench([fakeDevice()]);
    const first = connect();
    const claim = await first.client.open(QUERY);
    first.client.shutdown();
    first.provider.detach();
    expect(backend.openHandles).toBe(1);
    const second = connect();
    const resumed = await second.client.resume(claim.resumeToken);
    expect(resumed.claim).toBe(claim.claim);
    expect(await resumed.bulk({ endpoint: 0x81, length: 2 })).toHaveLength(2);
    await second.close();
    expect(backend.openHandles).toBe(0);
  });

  it('U2.3: a device that leaves ends the transfer and the claim', async () => {
    const device = fakeDevice({ transfer: neverAnswers });
    const { backend, connect } = loopbackBench([device]);
    const { client, close } = connect();
    const claim = await client.open(QUERY);
    const reading = claim.bulk({ endpoint: 0x81, length: 8 }).catch((error: unknown) => error);
    await client.list();
    backend.unplug(device);
    expect(isCoded(await reading, 'usb.device-gone')).toBe(true);
    expect((await claim.closed)?.code).toBe('usb.device-gone');
    await close();
  });
});

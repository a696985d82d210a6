import { isCoded } from '@usher/protocol';
import { endpointsOf, parseConfiguration, parseDeviceDescriptor, parseStringDescriptor, type UsbClaimHandle } from '@usher/usb';
import { describe, expect, it } from 'vitest';
import { withClaim } from '../../../testing/sim-bench.ts';
import { FidoKey } from './fido-key.ts';
import { Printer } from './printer.ts';
import { SerialBoard } from './serial-board.ts';
import { StorageStick } from './storage-stick.ts';

const DEVICES = [
  ['security key', () => new FidoKey(), { vendorId: '1050', productId: '0407' }, [3]],
  ['serial board', () => new SerialBoard(), { vendorId: '1209', productId: '0001' }, [2, 10]],
  ['printer', () => new Printer(), { vendorId: '1209', productId: '0002' }, [7]],
  ['stick', () => new StorageStick(), { vendorId: '1209', productId: '0003' }, [8]],
] as const;

function get(claim: UsbClaimHandle, value: number, length: number): Promise<Uint8Array> {
  return claim.control({ requestType: 0x80, request: 6, value, length });
}

function isStall(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => false,
    (error: unknown) => isCoded(error, 'usb.stall'),
  );
}

describe.each(DEVICES)('U2.6: the simulated %s', (_name, make, ids, classes) => {
  it('describes itself as USB 2.0 §9.4 asks', async () => {
    const device = make();
    await withClaim(device, ids, async (claim) => {
      expect(parseDeviceDescriptor(await get(claim, 0x0100, 18))).toMatchObject({ ...ids, configurations: 1 });
      const header = await get(claim, 0x0200, 9);
      const total = (header[2] ?? 0) | ((header[3] ?? 0) << 8);
      const whole = await get(claim, 0x0200, 4096);
      expect(whole).toHaveLength(total);
      const { interfaces } = parseConfiguration(whole);
      expect(interfaces.map((one) => one.interfaceClass)).toEqual(classes);
      expect(header[4]).toBe(interfaces.length);
      const strings = await Promise.all([1, 2, 3].map(async (index) => parseStringDescriptor(await get(claim, 0x0300 | index, 255))));
      expect(strings).toEqual([device.identity.manufacturer, device.identity.product, device.identity.serial]);
      expect(await get(claim, 0x0300, 255)).toEqual(Uint8Array.of(4, 3, 9, 4));
    });
  });

  it('answers the other standard requests, and stalls at what it does not know', async () => {
    const device = make();
    const endpoint = [...(endpointsOf(device.configuration)?.keys() ?? [])][0] ?? 0;
    await withClaim(device, ids, async (claim) => {
      const standardIn = (requestType: number, request: number, length: number) => claim.control({ requestType, request, length });
      expect(await standardIn(0x80, 0, 2)).toEqual(Uint8Array.of(0, 0));
      expect(await standardIn(0x80, 8, 1)).toEqual(Uint8Array.of(1));
      expect(await standardIn(0x81, 10, 1)).toEqual(Uint8Array.of(0));
      await claim.control({ requestType: 0x00, request: 9, value: 1 });
      await claim.control({ requestType: 0x01, request: 11, value: 0 });
      await claim.control({ requestType: 0x02, request: 1, value: 0, index: endpoint });
      await claim.control({ requestType: 0x02, request: 3, value: 0, index: endpoint });
      const refused = [
        claim.control({ requestType: 0x00, request: 9, value: 2 }),
        claim.control({ requestType: 0x01, request: 11, value: 1 }),
        get(claim, 0x0201, 9),
        get(claim, 0x0304, 255),
        get(claim, 0x0f00, 5),
        claim.control({ requestType: 0x80, request: 0x55, length: 1 }),
        claim.control({ requestType: 0xc0, request: 1, length: 1 }),
        claim.control({ requestType: 0x21, request: 0x77 }),
      ];
      expect(await Promise.all(refused.map(isStall))).toEqual(refused.map(() => true));
    });
  });
});

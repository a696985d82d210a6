import { isCoded } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { fakeDevice } from '../testing/fake-backend.ts';
import { chooseDevice } from './choose-device.ts';

const [a1, b2, noSerial, other] = [
  fakeDevice({ serial: 'A1', busLocation: 'one' }),
  fakeDevice({ serial: 'B2', busLocation: 'two' }),
  fakeDevice({ serial: undefined, busLocation: 'three' }),
  fakeDevice({ productId: '0002', serial: 'A1', busLocation: 'four' }),
].map((device) => device.description);
const ids = { vendorId: '1209', productId: '0001' };

describe('chooseDevice', () => {
  it.each([
    ['the only one', [a1, other], ids, a1],
    ['the one with the serial number', [a1, b2, noSerial], { ...ids, serial: 'B2' }, b2],
    ['the one at the place', [a1, b2, noSerial], { ...ids, busLocation: 'three' }, noSerial],
  ])('U1.4: takes %s', (_name, devices, query, chosen) => {
    expect(
      chooseDevice(
        devices.filter((device) => device !== undefined),
        query,
      ),
    ).toBe(chosen);
  });

  it('U1.4: many candidates are counted, not all listed', () => {
    const many = Array.from({ length: 20 }, (_, index) => fakeDevice({ serial: undefined, busLocation: `p${index}` }).description);
    try {
      chooseDevice(many, ids);
      expect.unreachable();
    } catch (error) {
      expect(isCoded(error, 'usb.ambiguous')).toBe(true);
      expect(String(error)).toMatch(/^CodedError: 20 devices match .*serial none at p7 and 12 more$/);
    }
  });
});

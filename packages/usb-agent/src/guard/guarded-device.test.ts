import { describe, expect, it } from 'vitest';
import { formatGuarded, type GuardedDevice, parseGuarded } from './guarded-device.ts';

const BOARD: GuardedDevice = { bus: 1, address: 7, vendorId: 0x1209, productId: 1, interfaces: [0, 1] };

describe('U2.2: what the agent tells its guard', () => {
  it.each([[[]], [[BOARD]], [[BOARD, { ...BOARD, address: 8, interfaces: [] }]]])('%j is read as it was written', (devices) => {
    expect(parseGuarded(formatGuarded(devices))).toEqual(devices);
  });

  it.each([
    ['a line that was cut off', formatGuarded([BOARD]).slice(0, 40)],
    ['an interface beyond a byte', formatGuarded([{ ...BOARD, interfaces: [256] }])],
    ['more devices than can be open', formatGuarded(Array.from({ length: 65 }, () => BOARD))],
  ])('%s is refused by code', (_name, line) => {
    expect(() => parseGuarded(line)).toThrow(expect.objectContaining({ code: 'message.malformed' }) as Error); // the matcher's type
  });
});

import { describe, expect, it } from 'vitest';
import { descriptorTree } from './descriptor-tree.ts';

/** The simulated security key's own, as the agent sends them. */
const KEY = {
  device_hex: '120100020000004050100704430501020301',
  configuration_hex: ['09022900010100a032', '090400000203000004', '092111010001222200', '07058103400005', '07050103400005'].join(''),
  strings: [
    { index: 1, text: 'Usher' },
    { index: 2, text: 'Simulated security key' },
    { index: 4, text: 'the interface' },
  ],
};

describe('U5.5: a tree of descriptors', () => {
  it('U5.5: has every level, with its texts and the words for its numbers', () => {
    expect(descriptorTree(KEY)).toEqual({
      device: {
        vendorId: '1050',
        productId: '0407',
        manufacturer: 'Usher',
        product: 'Simulated security key',
        serial: undefined,
        usbVersion: '2.00',
        deviceVersion: '5.43',
        deviceClass: 0,
        className: 'per interface',
        maxPacketSize0: 64,
        configurations: 1,
      },
      configuration: {
        value: 1,
        name: undefined,
        selfPowered: false,
        remoteWakeup: true,
        maxPowerMilliamps: 100,
        interfaces: [
          {
            number: 0,
            alternate: 0,
            name: 'the interface',
            interfaceClass: 3,
            interfaceSubclass: 0,
            interfaceProtocol: 0,
            className: 'HID',
            endpoints: [
              { address: 0x81, direction: 'in', type: 'interrupt', maxPacketSize: 64, interval: 5 },
              { address: 0x01, direction: 'out', type: 'interrupt', maxPacketSize: 64, interval: 5 },
            ],
            extra: ['092111010001222200'],
          },
        ],
      },
      problem: undefined,
    });
  });

  it('U5.5: a device whose configuration makes no sense is shown all the same, with the reason', () => {
    const tree = descriptorTree({ ...KEY, configuration_hex: `${KEY.configuration_hex.slice(0, 18)}01` });
    expect([tree.device.vendorId, tree.configuration]).toEqual(['1050', undefined]);
    expect(tree.problem).toBe('a descriptor of length 1');
  });

  it.each([
    ['too short', '1201'],
    ['another kind', '120200020000004050100704430501020301'],
    ['no hex', 'zz'],
  ])('U5.5: a device descriptor that is %s fails by its code', (_what, device_hex) => {
    expect(() => descriptorTree({ ...KEY, device_hex })).toThrow(expect.objectContaining({ code: expect.any(String) as unknown }) as Error);
  });
});

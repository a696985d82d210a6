import { fromHex, isCoded } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAKE_CONFIGURATION } from '../testing/fake-backend.ts';
import { endpointsOf, parseConfiguration, parseDeviceDescriptor, parseStringDescriptor } from './descriptors.ts';

/** A YubiKey 5: device descriptor of usb-wire's golden CTRL reply. */
const YUBIKEY = fromHex('120100020000004050100704430501020301');

function configuration(body: readonly number[], overrides: { readonly total?: number; readonly headLength?: number } = {}): Uint8Array {
  const total = overrides.total ?? 9 + body.length;
  return Uint8Array.from([overrides.headLength ?? 9, 2, total & 0xff, total >> 8, 1, 1, 4, 0xa0, 50, ...body]);
}
const INTERFACE = [9, 4, 0, 0, 1, 3, 1, 2, 5];
const ENDPOINT = [7, 5, 0x81, 3, 64, 0, 10];

describe('descriptors', () => {
  it('U5.5: a device descriptor', () => {
    expect(parseDeviceDescriptor(YUBIKEY)).toEqual({
      usbVersion: 0x0200,
      deviceClass: 0,
      deviceSubclass: 0,
      deviceProtocol: 0,
      maxPacketSize0: 64,
      vendorId: '1050',
      productId: '0407',
      deviceVersion: 0x0543,
      manufacturerIndex: 1,
      productIndex: 2,
      serialIndex: 3,
      configurations: 1,
    });
  });

  it('U5.5: a configuration with class-specific descriptors and two settings of an interface', () => {
    const hid = [9, 0x21, 0x11, 1, 0, 1, 0x22, 34, 0];
    const parsed = parseConfiguration(configuration([5, 11, 0, 1, 0, ...INTERFACE, ...hid, ...ENDPOINT, ...[9, 4, 0, 1, 0, 3, 1, 2, 0]]));
    expect(parsed).toMatchObject({ value: 1, nameIndex: 4, attributes: 0xa0, maxPowerMilliamps: 100 });
    expect(parsed.interfaces).toEqual([
      {
        number: 0,
        alternate: 0,
        interfaceClass: 3,
        interfaceSubclass: 1,
        interfaceProtocol: 2,
        nameIndex: 5,
        endpoints: [{ address: 0x81, type: 'interrupt', maxPacketSize: 64, interval: 10 }],
        extra: [Uint8Array.from(hid)],
      },
      { number: 0, alternate: 1, interfaceClass: 3, interfaceSubclass: 1, interfaceProtocol: 2, nameIndex: 0, endpoints: [], extra: [] },
    ]);
  });

  it('U5.5: the endpoints of all settings by address', () => {
    const endpoints = endpointsOf(FAKE_CONFIGURATION);
    expect([...(endpoints ?? [])].map(([address, { type }]) => [address, type])).toEqual([
      [0x81, 'bulk'],
      [0x02, 'bulk'],
      [0x83, 'interrupt'],
      [0x04, 'interrupt'],
      [0x85, 'isochronous'],
    ]);
    expect(endpointsOf(Uint8Array.of(9, 2))).toBeUndefined();
  });

  it.each(['control', 'isochronous', 'bulk', 'interrupt'] as const)('U5.5: an endpoint of type %s', (type) => {
    const attributes = ['control', 'isochronous', 'bulk', 'interrupt'].indexOf(type);
    const { interfaces } = parseConfiguration(configuration([...INTERFACE, 7, 5, 0x81, attributes | 0xf0, 0, 0x14, 1]));
    expect(interfaces[0]?.endpoints).toEqual([{ address: 0x81, type, maxPacketSize: 0x400, interval: 1 }]);
  });

  it.each([
    ['a total length beyond the bytes', configuration([...INTERFACE, ...ENDPOINT], { total: 200 }), 1, 1],
    ['a total length of zero', configuration([...INTERFACE, ...ENDPOINT], { total: 0 }), 0, 0],
    ['a header of length zero', configuration([...INTERFACE, ...ENDPOINT], { headLength: 0 }), 1, 1],
    ['no interface', configuration([]), 0, 0],
    ['an endpoint before any interface', configuration([...ENDPOINT, ...INTERFACE]), 1, 0],
    ['an endpoint twice', configuration([...INTERFACE, ...ENDPOINT, ...ENDPOINT]), 1, 2],
  ])('lab §3: a configuration with %s is read for what is there', (_name, bytes, interfaces, endpoints) => {
    const parsed = parseConfiguration(bytes);
    expect(parsed.interfaces).toHaveLength(interfaces);
    expect(parsed.interfaces.flatMap((one) => one.endpoints)).toHaveLength(endpoints);
  });

  it.each([
    ['a device descriptor that is cut off', () => parseDeviceDescriptor(YUBIKEY.subarray(0, 17)), 'frame.truncated'],
    ['a device descriptor of another type', () => parseDeviceDescriptor(new Uint8Array(18)), 'message.malformed'],
    ['a configuration of four bytes', () => parseConfiguration(Uint8Array.of(4, 2, 4, 0)), 'frame.truncated'],
    ['a configuration of another type', () => parseConfiguration(new Uint8Array(9)), 'message.malformed'],
    ['a descriptor of length 0', () => parseConfiguration(configuration([0, 5, 1])), 'message.malformed'],
    ['a descriptor of length 1', () => parseConfiguration(configuration([1, 5, 1])), 'message.malformed'],
    ['a descriptor that runs over the end', () => parseConfiguration(configuration([9, 4, 0])), 'frame.truncated'],
    ['an interface that is too short', () => parseConfiguration(configuration([3, 4, 0])), 'frame.truncated'],
    ['an endpoint that is too short', () => parseConfiguration(configuration([...INTERFACE, 3, 5, 0x81])), 'frame.truncated'],
    ['more descriptors than there can be', () => parseConfiguration(configuration(new Array<number>(10_000).fill(2))), 'message.malformed'],
    ['a string of one byte', () => parseStringDescriptor(Uint8Array.of(2)), 'frame.truncated'],
    ['a string of another type', () => parseStringDescriptor(Uint8Array.of(2, 4)), 'message.malformed'],
  ])('usb-field §5: %s is refused by code', (_name, parse, code) => {
    expect(parse).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['Key', [8, 3, 0x4b, 0, 0x65, 0, 0x79, 0]],
    ['', [2, 3]],
    ['K', [5, 3, 0x4b, 0, 0x65]],
    ['K', [4, 3, 0x4b, 0, 0x65, 0]],
    ['\ufffdK', [6, 3, 0x00, 0xd8, 0x4b, 0]],
  ])('U5.5: the string %j', (text, bytes) => {
    expect(parseStringDescriptor(Uint8Array.from(bytes))).toBe(text);
  });

  it('usb-field §5: no bytes make a parser fail but by code', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(INTERFACE, ENDPOINT),
        fc.uint8Array({ maxLength: 9 }).map((bytes) => [...bytes]),
      ),
    );
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      pieces.map((body) => configuration(body.flat())),
    );
    fc.assert(
      fc.property(some, (bytes) => {
        for (const parse of [parseDeviceDescriptor, parseConfiguration, parseStringDescriptor, endpointsOf]) {
          try {
            parse(bytes);
          } catch (error) {
            if (!isCoded(error)) throw error;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

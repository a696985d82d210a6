import { isCoded, type UsbConfigChange } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFromDevice, decodeToDevice, encodeFromDevice, encodeToDevice, type FromDevice, type ToDevice } from './device-link.ts';

const [u8, u16, u32] = [0xff, 0xffff, 0xffff_ffff].map((max) => fc.integer({ min: 0, max })) as [
  fc.Arbitrary<number>,
  fc.Arbitrary<number>,
  fc.Arbitrary<number>,
]; // three went in
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const text = (maxBytes: number, minLength = 0) => fc.string({ unit: 'binary', minLength, maxLength: Math.floor(maxBytes / 4) });
const ids = fc.stringMatching(/^[0-9a-f]{4}$/);
const words = fc.option(text(126, 1), { nil: undefined });
const devices = fc.record({
  ...{ vendorId: ids, productId: ids, serial: words, manufacturer: words, product: words, busLocation: text(64) },
  ...{ deviceClass: u8, extra: fc.constant({}) },
});
const timeoutMs = fc.integer({ min: 1, max: 60_000 });
const setup = { request: u8, value: u16, index: u16, timeoutMs };
const change: fc.Arbitrary<UsbConfigChange> = fc.record({
  action: fc.constant('set-interface' as const),
  interfaceNumber: u8,
  alternate: u8,
});

const toDevice: fc.Arbitrary<ToDevice> = fc.oneof(
  fc.record({ type: fc.constant('open' as const), id: u32, place: fc.record({ bus: u8, address: u8, listed: devices }) }),
  fc.record({ type: fc.constantFrom('take' as const, 'close' as const), id: u32 }),
  fc.record({ type: fc.constant('cancel' as const), id: u32 }),
  fc.record({ type: fc.constant('guarded' as const), id: u32 }),
  fc.record({
    type: fc.constant('control' as const),
    id: u32,
    request: fc.oneof(
      fc.record({ requestType: fc.integer({ min: 0x80, max: 0xff }), ...setup, length: u16, data: fc.constant(undefined) }),
      fc.record({ requestType: fc.integer({ min: 0, max: 0x7f }), ...setup, length: fc.constant(0), data: bytes(64) }),
    ),
  }),
  fc.record({
    type: fc.constantFrom('bulk' as const, 'interrupt' as const),
    id: u32,
    request: fc.oneof(
      fc.record({
        ...{ endpoint: fc.integer({ min: 0x80, max: 0xff }), direction: fc.constant('in' as const), timeoutMs },
        ...{ length: fc.integer({ min: 0, max: 1024 * 1024 }), data: fc.constant(undefined) },
      }),
      fc.record({
        ...{ endpoint: fc.integer({ min: 0, max: 0x7f }), direction: fc.constant('out' as const), timeoutMs },
        ...{ length: fc.constant(0), data: bytes(64) },
      }),
    ),
  }),
  fc.record({ type: fc.constant('config' as const), id: u32, change, timeoutMs }),
);

const fromDevice: fc.Arbitrary<FromDevice> = fc.oneof(
  fc.record({ type: fc.constant('opened' as const), id: u32, device: devices, configuration: bytes(64) }),
  fc.record({
    type: fc.constant('done' as const),
    reply: fc.oneof(
      bytes(64).chain((data) =>
        fc.record({ transfer: u32, ok: fc.constant(true as const), actual: fc.constant(data.length), data: fc.constant(data) }),
      ),
      fc.record({
        transfer: u32,
        ok: fc.constant(false as const),
        code: fc.constantFrom('usb.stall' as const, 'usb.timeout' as const),
        message: text(256),
      }),
    ),
  }),
  fc.record({ type: fc.constant('detaching' as const), id: u32, interfaceNumber: u8 }),
  fc.record({ type: fc.constantFrom('restored' as const, 'gone' as const) }),
);

describe('what the agent and a device’s process say to each other', () => {
  it('U2.2: reads back as it was written, in both directions', () => {
    fc.assert(fc.property(toDevice, (message) => void expect(decodeToDevice(encodeToDevice(message))).toEqual(message)));
    fc.assert(fc.property(fromDevice, (message) => void expect(decodeFromDevice(encodeFromDevice(message))).toEqual(message)));
  });

  it('V6: noise and damage fail by code only', () => {
    const damaged = fc.tuple(fc.oneof(toDevice.map(encodeToDevice), fromDevice.map(encodeFromDevice), bytes(64)), fc.nat(), u8);
    fc.assert(
      fc.property(damaged, ([message, at, value]) => {
        const broken = message.slice(0, at % (message.length + 1));
        broken[at % Math.max(1, broken.length)] = value;
        for (const decode of [decodeToDevice, decodeFromDevice]) expect(readsOrFailsByCode(() => decode(broken))).toBe(true);
      }),
    );
  });
});

function readsOrFailsByCode(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    return isCoded(error);
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text, u8, u32 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import { describeVectors } from '../../testing/vector-suite.ts';
import { tryUtf8 } from '../bytes.ts';
import { Op } from './frame.ts';
import { asksForV2, decodeListing, encodeListing, encodeListRequest } from './messages.ts';
import {
  decodeDeviceChange,
  decodeV2Config,
  decodeV2Grant,
  decodeV2Subscribe,
  encodeDeviceChange,
  encodeV2Config,
  encodeV2Grant,
  encodeV2Subscribe,
  type UsbConfigChange,
} from './v2-operations.ts';

const config = { encode: encodeV2Config, decode: decodeV2Config };
const subscribe = { encode: encodeV2Subscribe, decode: decodeV2Subscribe };
const grant = {
  encode: ({ transfer, credits }: { readonly transfer: number; readonly credits: number }) => encodeV2Grant(transfer, credits),
  decode: decodeV2Grant,
};
const change = { encode: encodeDeviceChange, decode: decodeDeviceChange };

describeVectors('usb-v2-operations', { Config: config, Subscribe: subscribe, Grant: grant, DeviceChange: change });

const interfaceNumber = u8;
const changes: fc.Arbitrary<UsbConfigChange> = fc.oneof(
  fc.record({ action: fc.constant('set-configuration' as const), value: u8 }),
  fc.record({ action: fc.constant('set-interface' as const), interfaceNumber, alternate: u8 }),
  fc.record({ action: fc.constant('clear-halt' as const), endpoint: u8 }),
  fc.record({ action: fc.constant('reset' as const) }),
  fc.record({ action: fc.constantFrom('claim-interface' as const, 'release-interface' as const), interfaceNumber }),
);
const configs = fc.record({ transfer: u32, timeoutMs: fc.integer({ min: 1, max: 60_000 }), change: changes });
const subscriptions = fc.record({
  transfer: u32,
  length: fc.integer({ min: 1, max: 65_536 }),
  endpoint: fc.integer({ min: 0x80, max: 0xff }),
  reads: fc.integer({ min: 1, max: 16 }),
  credits: fc.integer({ min: 1, max: 1024 }),
});
const grants = fc.record({ transfer: u32, credits: fc.integer({ min: 1, max: 1024 }) });
const ids = fc.stringMatching(/^[0-9a-f]{4}$/);
const deviceChanges = fc.record({
  kind: fc.constantFrom('added' as const, 'removed' as const),
  device: fc.record(
    {
      vendorId: ids,
      productId: ids,
      serial: fc.option(text(126, 1), { nil: undefined }),
      busLocation: fc.option(text(64, 1), { nil: undefined }),
      manufacturer: text(126, 1),
      product: text(126, 1),
    },
    { requiredKeys: ['vendorId', 'productId', 'serial', 'busLocation'] },
  ),
});

describe('the operations of v2', () => {
  it('U19–U21: each reads back what it writes', () => {
    assertRoundTrip(configs, config);
    assertRoundTrip(subscriptions, subscribe);
    assertRoundTrip(grants, grant);
    assertRoundTrip(deviceChanges, change);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(configs, config);
    assertFailsByCode(subscriptions, subscribe);
    assertFailsByCode(grants, grant);
    assertFailsByCode(deviceChanges, change);
  });

  it('U19: no time limit means the longest that there is', () => {
    const reset = { transfer: 1, change: { action: 'reset' } } as const;
    expect(decodeV2Config(encodeV2Config({ ...reset, timeoutMs: 0 })).timeoutMs).toBe(60_000);
    expect(decodeV2Config(encodeV2Config({ ...reset, timeoutMs: 0xffff_ffff })).timeoutMs).toBe(60_000);
  });

  it('U21: a LIST that wants news asks for v2, an ordinary one is as empty as AutoControl’s', () => {
    expect(encodeListRequest()).toHaveLength(0);
    expect(tryUtf8(encodeListRequest('v2'))).toBe('{"ext": ["v2"]}');
    expect(asksForV2(encodeListRequest('v2'))).toBe(true);
    expect(decodeListing(encodeListing({ devices: [], tellsNews: true }))).toEqual({ devices: [], tellsNews: true });
    expect(decodeListing(encodeListing({ devices: [] }))).toEqual({ devices: [] });
  });

  it('U21: a LIST of v2 says what devices call themselves; an ordinary one has AutoControl’s four members and no more', () => {
    const listed = { vendorId: '1050', productId: '0407', serial: '1', busLocation: 'bus=1 addr=4' };
    const device = { ...listed, manufacturer: 'Yubico', product: 'Security Key' };
    expect(decodeListing(encodeListing({ devices: [device], tellsNews: true })).devices).toEqual([device]);
    expect(tryUtf8(encodeListing({ devices: [device] }))).toBe(
      '{"devices": [{"vendor_id": "1050", "product_id": "0407", "serial": "1", "bus_location": "bus=1 addr=4"}]}',
    );
    expect(decodeListing(encodeListing({ devices: [listed], tellsNews: true })).devices).toEqual([listed]);
  });

  it('U21: DEVICES has an operation of its own', () => {
    expect(Op.Devices).toBe(0x0e);
  });
});

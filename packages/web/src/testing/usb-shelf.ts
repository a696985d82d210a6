import type { UsbAclRule, UsbClaimStatistics, UsbDevice, UsbPrompt } from '@usher/sdk/api';
import type { FakeUsbState } from './fake-usb.ts';

const now = Math.floor(Date.now() / 1000);

const device = (vendor: string, product_id: string, names: Partial<UsbDevice>): UsbDevice => ({
  ...{ vendor_id: vendor, product_id, manufacturer: null, product: null, serial: null, bus_location: null, risks: [], extra: {} },
  ...names,
});

const KEY = device('1050', '0407', {
  manufacturer: 'Yubico',
  product: 'YubiKey OTP+FIDO+CCID',
  bus_location: '1-2',
  risks: ['security-key'],
});
const BOARD = device('1209', '0001', { manufacturer: 'Open Hardware', product: 'Serial board', serial: 'B0042', bus_location: '1-4' });
const PRINTER = device('04b8', '0202', {
  manufacturer: 'Epson',
  product: 'TM-T20II receipt printer',
  serial: 'X7M2',
  bus_location: '2-1.3',
});
const NAMELESS = device('abcd', '1234', { bus_location: '2-1.4' });

const rule = (overrides: Partial<UsbAclRule>): UsbAclRule => ({
  ...{ vendor_id: '1050', product_id: '0407', serial: null, label: '', allow: true, prompt_on_open: false },
  ...overrides,
});

const claim = (overrides: Partial<UsbClaimStatistics>): UsbClaimStatistics => ({
  ...{
    claim: 1,
    viewer: '3f9a71c2be04d855'.padEnd(64, '3a5c9e7b'),
    viewer_name: 'Ada’s laptop',
    profile: 'operator',
    profile_name: 'Host',
  },
  ...{ vendor_id: '1209', product_id: '0001', serial: 'B0042', product: 'Serial board', bus_location: '1-4' },
  ...{ held: true, protocol: 'v2', open_ms: 754_000, transfers: 48_211, errors: 0, in_flight: 3 },
  ...{ bytes_in: 3_144_201, bytes_out: 288_190, bytes_in_per_second: 11_520, bytes_out_per_second: 880 },
  ...overrides,
});

export const PROMPT: UsbPrompt = {
  ...{ id: '0f1e2d3c4b5a6978', vendor_id: '1050', product_id: '0407', serial: null },
  ...{ manufacturer: 'Yubico', product: 'YubiKey OTP+FIDO+CCID', bus_location: '1-2' },
  risks: ['security-key', 'smart-card'],
  label: 'Key of the office',
  ...{ viewer: 'c02fe1874ba9d636'.padEnd(64, '3a5c9e7b'), viewer_name: 'Television in the living room' },
  ...{ profile: '1123456789ab', profile_name: 'Kids', since_unix: now - 4, expires_unix: now + 3600 },
};

/** A CDC-ACM board: one configuration, two interfaces. */
const DESCRIPTORS = {
  device_hex: '120100020200004009120100000101020301',
  configuration_hex:
    '09024300020104c032' +
    '0904000001020201050524001001042402020524060001' +
    '0705810308000a' +
    '09040100020a000006' +
    '07058202400000' +
    '07050302400000',
  strings: [
    { index: 1, text: 'Open Hardware' },
    { index: 2, text: 'Serial board' },
    { index: 3, text: 'B0042' },
    { index: 4, text: 'Everyday' },
    { index: 5, text: 'Control' },
    { index: 6, text: 'Data' },
  ],
};

/** A machine with some devices, one of them lent. */
export const SHELF: FakeUsbState = {
  devices: [KEY, BOARD, PRINTER, NAMELESS],
  acl: {
    default: 'deny',
    integrity_ok: true,
    rules: [
      rule({ label: 'Key of the office', prompt_on_open: true }),
      rule({ vendor_id: '1209', product_id: '0001', serial: 'B0042', profile: 'operator' }),
      rule({ vendor_id: '04b8', product_id: '0202', allow: false, label: 'Receipts stay here' }),
    ],
  },
  claims: [
    claim({}),
    claim({
      claim: 2,
      viewer_name: 'Television in the living room',
      product: 'Mouse',
      ...{ profile: null, profile_name: '', held: false },
      protocol: 'base',
      errors: 2,
      in_flight: 0,
    }),
  ],
  viewers: [
    {
      ...{ viewer: claim({}).viewer, viewer_name: 'Ada’s laptop', profile: 'operator', profile_name: 'Host' },
      ...{
        bytes_in: 3_144_201,
        bytes_out: 288_190,
        bytes_from_viewer: 310_000,
        bytes_to_viewer: 3_400_000,
        waiting_frames: 0,
        rtt_ms: 3.2,
        loss: 0.004,
      },
    },
  ],
  prompts: [],
  events: [
    { seq: 1, kind: 'added', device: BOARD },
    { seq: 2, kind: 'removed', device: PRINTER },
    { seq: 3, kind: 'added', device: PRINTER },
  ],
  remotes: [
    {
      ...{ id: 'aabbccdd00112233', address: 'https://workshop.local:9939/', fingerprint: 'c4'.repeat(32) },
      ...{ name: 'workshop', version: '0.1.0', connected_unix: now - 300 },
    },
  ],
  descriptors: DESCRIPTORS,
};

export const BARE_SHELF: FakeUsbState = {
  ...SHELF,
  ...{ devices: [], claims: [], viewers: [], events: [], remotes: [] },
  acl: { default: 'deny', integrity_ok: true, rules: [] },
};

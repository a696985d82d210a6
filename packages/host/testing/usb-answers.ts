import type { AgentMethod } from '@usher/protocol';

/** A usb-agent with one device, as it answers. */
export const USB_ANSWERS: Readonly<Record<AgentMethod, unknown>> = {
  devices: {
    backend: 'sim',
    error: null,
    devices: [
      {
        ...{ vendor_id: '1050', product_id: '0407', manufacturer: 'Yubico', product: 'Key', serial: null },
        ...{ bus_location: 'bus=1 addr=2', risks: ['security-key'], extra: {} },
      },
    ],
    count: 1,
  },
  events: { events: [], count: 0, watcher_running: true, last_seq: 0 },
  'acl.get': { default: 'deny', integrity_ok: true, rules: [] },
  'acl.add': { added: true, rules: 1 },
  'acl.set': { added: true, rules: 1 },
  'acl.remove': { removed: true },
  'acl.default': { default: 'deny' },
  'acl.sign': { signed: true, rules: 1 },
  stats: { claims: [], links: [], prompts: 0 },
  'claims.end': { ended: true },
  'loopback.list': { devices: [{ vendor_id: '1050', product_id: '0407', serial: null, bus_location: 'bus=1 addr=2' }] },
  'loopback.probe': { ok: true, vendor_id: '1050', product_id: '0407', descriptor_hex: '1201', descriptor: '1050:0407' },
  'loopback.open': { claim: 7 },
  'loopback.descriptors': { device_hex: '1201', configuration_hex: '0902', strings: [{ index: 1, text: 'Key' }] },
  'loopback.control': { data: 'AAE=' },
  'loopback.bulk': { data: 'AAE=' },
  'loopback.interrupt': { data: '' },
  'loopback.close': { closed: true },
};

/** A right body for each kind of route. */
export const TOOL_BODIES: readonly Readonly<Record<string, unknown>>[] = [
  { vendor_id: '1050', product_id: '0407', serial: null },
  { vendor_id: '1050', product_id: '0407', allow: true, prompt_on_open: false, label: 'key', profile: 'operator' },
  { policy: 'deny' },
  { enabled: true },
  { allow: true, remember: false },
  { bm_request_type: 0x80, b_request: 6, w_value: 0x100, w_index: 0, length: 18, timeout_ms: 1000 },
  { endpoint: 0x81, length: 64, data: 'AAE=', timeout_ms: 1000 },
  { address: 'x', fingerprint: 'ab'.repeat(32), token: 'cd'.repeat(32) },
];

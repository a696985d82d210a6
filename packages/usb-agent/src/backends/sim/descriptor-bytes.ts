import { concat } from '@usher/protocol';

/** Descriptors as the simulated devices send them (USB 2.0 §9.6). */

export function deviceDescriptor(device: {
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersion: number;
  readonly deviceClass?: number;
}): Uint8Array {
  const bytes = new Uint8Array(18);
  const view = new DataView(bytes.buffer);
  bytes.set([18, 0x01]);
  view.setUint16(2, 0x0200, true);
  bytes.set([device.deviceClass ?? 0, 0, 0, 64], 4);
  view.setUint16(8, device.vendorId, true);
  view.setUint16(10, device.productId, true);
  view.setUint16(12, device.deviceVersion, true);
  // Strings 1, 2 and 3 are manufacturer, product and serial number; one configuration.
  bytes.set([1, 2, 3, 1], 14);
  return bytes;
}

/** One configuration, bus-powered, 100 mA, with everything that follows its header. */
export function configurationDescriptor(interfaces: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  const header = new Uint8Array([9, 0x02, 0, 0, interfaces, 1, 0, 0x80, 50]);
  new DataView(header.buffer).setUint16(2, header.length + body.length, true);
  return concat([header, body]);
}

export function interfaceDescriptor(one: {
  readonly number: number;
  readonly endpoints: number;
  readonly interfaceClass: number;
  readonly subclass: number;
  readonly protocol: number;
}): Uint8Array {
  return new Uint8Array([9, 0x04, one.number, 0, one.endpoints, one.interfaceClass, one.subclass, one.protocol, 0]);
}

/** `interval` in frames of 1 ms; it means nothing for bulk. */
export function endpointDescriptor(address: number, type: 'bulk' | 'interrupt', maxPacketSize: number, interval = 0): Uint8Array {
  return new Uint8Array([7, 0x05, address, type === 'bulk' ? 2 : 3, maxPacketSize & 0xff, maxPacketSize >> 8, interval]);
}

export function stringDescriptor(text: string): Uint8Array {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  bytes.set([bytes.length, 0x03]);
  for (let index = 0; index < text.length; index += 1) view.setUint16(2 + index * 2, text.charCodeAt(index), true);
  return bytes;
}

/** String 0: the languages, of which there is one, US English. */
export const LANGUAGES = new Uint8Array([4, 0x03, 0x09, 0x04]);

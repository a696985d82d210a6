import { usbRisks } from '@usher/domain';
import type { UsbRisk } from '@usher/protocol';
import { type InterfaceDescriptor, parseConfiguration, type UsbDeviceDescription } from '@usher/usb';

/** Of one device: what lending it may do to its owner, by its configuration descriptor. */
export function risksOf(device: Pick<UsbDeviceDescription, 'vendorId' | 'productId'>, configuration: Uint8Array): readonly UsbRisk[] {
  return usbRisks({ ...device, interfaces: interfacesOf(configuration) });
}

/** Undefined where it makes no sense. */
export function interfacesOf(configuration: Uint8Array): readonly InterfaceDescriptor[] | undefined {
  if (configuration.length === 0) return []; // not configured: it has no interface to do harm with
  try {
    return parseConfiguration(configuration).interfaces;
  } catch {
    return undefined;
  }
}

import type { Reader } from '../read.ts';
import { optionalTextOf, textOf } from './body.ts';

/** Longest serial number or name: a USB string descriptor holds 126 UTF-16 units. */
export const MAX_STRING = 126;
const MAX_LOCATION = 1024;

/** A device as LIST shows it. Ids are four lower-case hex digits on every real host. */
export interface UsbDeviceInfo {
  readonly vendorId: string;
  readonly productId: string;
  readonly serial: string | undefined;
  readonly busLocation: string | undefined;
  /** What the device calls its maker and itself: only where v2 lists it (rule U21), and where it has told the operating system. */
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
}

/** As the base protocol lists it, in this order (usb-wire §5.1). */
export function deviceDocument({ vendorId, productId, serial, busLocation }: UsbDeviceInfo) {
  return { vendor_id: vendorId, product_id: productId, serial: serial ?? null, bus_location: busLocation ?? null };
}

/** As v2 lists it: with the names that it has. */
export function namedDocument(device: UsbDeviceInfo) {
  const { manufacturer, product } = device;
  return { ...deviceDocument(device), manufacturer: manufacturer?.slice(0, MAX_STRING), product: product?.slice(0, MAX_STRING) };
}

export function readDevice(device: Reader): UsbDeviceInfo {
  const manufacturer = optionalTextOf(device, 'manufacturer', MAX_STRING);
  const product = optionalTextOf(device, 'product', MAX_STRING);
  return {
    vendorId: textOf(device, 'vendor_id', 16),
    productId: textOf(device, 'product_id', 16),
    serial: optionalTextOf(device, 'serial', MAX_STRING),
    busLocation: optionalTextOf(device, 'bus_location', MAX_LOCATION),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(product === undefined ? {} : { product }),
  };
}

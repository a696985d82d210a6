import { CodedError } from '@usher/sdk/node';

export const DEVICE = 'VID:PID, or VID:PID:SERIAL for one unit; ids are four hex digits';

/** Reads `1050:0407` and `1050:0407:SERIAL`; a serial number may hold colons. */
export function usbDevice(text: string): { vendor_id: string; product_id: string; serial?: string } {
  const [, vendor, product, serial] = /^([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?$/i.exec(text) ?? [];
  if (vendor === undefined || product === undefined) throw new CodedError('config.invalid', `a USB device is named as ${DEVICE}`);
  return { vendor_id: vendor.toLowerCase(), product_id: product.toLowerCase(), ...(serial === undefined ? {} : { serial }) };
}

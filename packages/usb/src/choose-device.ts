import { CodedError } from '@usher/protocol';
import type { UsbDeviceDescription, UsbOpenQuery } from './backend.ts';

/** Units that an ambiguity error lists: enough to choose, little enough for a message. */
const MAX_SHOWN = 8;

/**
 * The one device that a query means. AutoControl takes the first that fits, so that a second identical unit can never be reached
 * (usb-wire §16); here several are an error that lists them.
 */
export function chooseDevice(devices: readonly UsbDeviceDescription[], query: UsbOpenQuery): UsbDeviceDescription {
  const sameIds = devices.filter((device) => device.vendorId === query.vendorId && device.productId === query.productId);
  const fitting = sameIds.filter(
    (device) =>
      (query.serial === undefined || device.serial === query.serial) &&
      (query.busLocation === undefined || device.busLocation === query.busLocation),
  );
  const [only, ...others] = fitting;
  if (only === undefined) throw new CodedError('usb.not-found', notFound(sameIds, query));
  if (others.length > 0) throw new CodedError('usb.ambiguous', ambiguous(fitting, query));
  return only;
}

function notFound(sameIds: readonly UsbDeviceDescription[], query: UsbOpenQuery): string {
  const ids = `${query.vendorId}:${query.productId}`;
  return sameIds.length > 0 && query.serial !== undefined
    ? `no USB device matches ${ids} with serial number '${query.serial}'`
    : `no USB device matches ${ids}`;
}

function ambiguous(fitting: readonly UsbDeviceDescription[], query: UsbOpenQuery): string {
  const units = fitting.slice(0, MAX_SHOWN).map((device) => `serial ${device.serial ?? 'none'} at ${device.busLocation}`);
  const more = fitting.length > MAX_SHOWN ? ` and ${fitting.length - MAX_SHOWN} more` : '';
  return `${fitting.length} devices match ${query.vendorId}:${query.productId}; name the serial number: ${units.join('; ')}${more}`;
}

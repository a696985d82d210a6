import {
  type DeviceDescriptor,
  parseDeviceDescriptor,
  parseStringDescriptor,
  type UsbClaimHandle,
  type UsbClient,
  type UsbDeviceInfo,
} from '@usher/sdk';

/** What GET_DESCRIPTOR tells about a device; its own names for itself where it has any. */
export interface DeviceFacts {
  readonly descriptor: DeviceDescriptor;
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
}

/** Standard request, device to host, to the device itself (USB 2.0 §9.4.3). */
const GET_DESCRIPTOR = { requestType: 0x80, request: 0x06 } as const;
const DEVICE = 0x0100;
const STRING = 0x0300;
const DEVICE_BYTES = 18;
const STRING_BYTES = 255;
/** Language ID of string descriptors: US English, the one that every device has. */
const ENGLISH = 0x0409;

/** Claims the device, reads what it says about itself, and gives it back. Rejects with the host's reason. */
export async function readDevice(client: UsbClient, device: UsbDeviceInfo): Promise<DeviceFacts> {
  const { vendorId, productId, serial } = device;
  const claim = await client.open({ vendorId, productId, serial });
  try {
    const descriptor = parseDeviceDescriptor(await claim.control({ ...GET_DESCRIPTOR, value: DEVICE, length: DEVICE_BYTES }));
    return {
      descriptor,
      manufacturer: await readString(claim, descriptor.manufacturerIndex),
      product: await readString(claim, descriptor.productIndex),
    };
  } finally {
    await claim.close();
  }
}

async function readString(claim: UsbClaimHandle, index: number): Promise<string | undefined> {
  if (index === 0) return undefined;
  const request = { ...GET_DESCRIPTOR, value: STRING | index, index: ENGLISH, length: STRING_BYTES };
  try {
    return parseStringDescriptor(await claim.control(request));
  } catch {
    return undefined; // plenty of devices announce names that they then refuse to tell; the numbers are what counts
  }
}

/** Binary-coded decimal: `0x0210` is 2.1, `0x0543` is 5.43. */
export function versionOf(bcd: number): string {
  const [major, minor, sub] = [bcd >> 8, (bcd >> 4) & 0xf, bcd & 0xf].map((part) => part.toString(16));
  return `${major}.${minor}${sub === '0' ? '' : sub}`;
}

/** The classes of usb.org's list that a person has a word for. */
const CLASS_NAMES = {
  0: 'perInterface',
  1: 'audio',
  2: 'communications',
  3: 'hid',
  5: 'physical',
  6: 'image',
  7: 'printer',
  8: 'storage',
  9: 'hub',
  10: 'data',
  11: 'smartCard',
  14: 'video',
  224: 'wireless',
  239: 'miscellaneous',
  255: 'vendor',
} as const;
export type ClassName = (typeof CLASS_NAMES)[keyof typeof CLASS_NAMES] | 'other';

export function classNameOf(code: number): ClassName {
  const names: Readonly<Record<number, ClassName>> = CLASS_NAMES;
  return names[code] ?? 'other';
}

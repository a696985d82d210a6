import { type ErrorCode, isCoded, toHex } from '@usher/protocol';
import type { UsbClaimHandle } from './client-claim.ts';
import { parseConfiguration, parseDeviceDescriptor, parseStringDescriptor } from './descriptors.ts';

const GET_DESCRIPTOR = { requestType: 0x80, request: 6 } as const;
const Kind = { Device: 0x0100, Configuration: 0x0200, String: 0x0300 } as const;
const DEVICE_BYTES = 18;
/** Enough of a configuration descriptor to know how long the whole of it is. */
const HEAD_BYTES = 9;
const US_ENGLISH = 0x0409;
/** Texts of one device; each costs a transfer, and a real one has five. */
const STRINGS_MAX = 32;
/**
 * A device that names a text which it doesn't have; a base-protocol host, which has no code for that; and one that serves a claim sixteen transfers
 * and no more (usb-wire §0, row 2): what is known by then is worth more than nothing.
 */
const WITHOUT_TEXT: ReadonlySet<ErrorCode> = new Set([
  'usb.stall',
  'message.malformed',
  'frame.truncated',
  'usb.transfer-failed',
  'usb.credit-exhausted',
]);

/** What a device says of itself, unread: for a tree of descriptors (U5.5), here or at the other end of a channel. */
export interface RawDescriptors {
  readonly device_hex: string;
  /** The active configuration with everything behind it. */
  readonly configuration_hex: string;
  /** The texts that the descriptors name; one that the device doesn't have is left out. */
  readonly strings: readonly { readonly index: number; readonly text: string }[];
}

/** @throws CodedError what the transfers fail with, and `frame.truncated` or `message.malformed` for a device descriptor that is none. */
export async function readDescriptors(handle: Pick<UsbClaimHandle, 'control'>): Promise<RawDescriptors> {
  const device = await handle.control({ ...GET_DESCRIPTOR, value: Kind.Device, length: DEVICE_BYTES });
  const head = await handle.control({ ...GET_DESCRIPTOR, value: Kind.Configuration, length: HEAD_BYTES });
  const total = (head[2] ?? 0) | ((head[3] ?? 0) << 8);
  const configuration = await handle.control({ ...GET_DESCRIPTOR, value: Kind.Configuration, length: Math.max(total, HEAD_BYTES) });
  const strings: { index: number; text: string }[] = [];
  for (const index of textsOf(device, configuration)) {
    const text = await textAt(handle, index);
    if (text !== undefined) strings.push({ index, text });
  }
  return { device_hex: toHex(device), configuration_hex: toHex(configuration), strings };
}

/** The numbers of the texts that descriptors name; 0 stands for none. */
function textsOf(device: Uint8Array, configuration: Uint8Array): readonly number[] {
  const { manufacturerIndex, productIndex, serialIndex } = parseDeviceDescriptor(device);
  const indexes = [manufacturerIndex, productIndex, serialIndex, ...textsOfConfiguration(configuration)];
  return [...new Set(indexes)].filter((index) => index !== 0).slice(0, STRINGS_MAX);
}

function textsOfConfiguration(bytes: Uint8Array): readonly number[] {
  try {
    const { nameIndex, interfaces } = parseConfiguration(bytes);
    return [nameIndex, ...interfaces.map((one) => one.nameIndex)];
  } catch (error) {
    if (!isCoded(error)) throw error;
    return []; // malformed: whoever shows the tree says so
  }
}

async function textAt(handle: Pick<UsbClaimHandle, 'control'>, index: number): Promise<string | undefined> {
  try {
    return parseStringDescriptor(await handle.control({ ...GET_DESCRIPTOR, value: Kind.String | index, index: US_ENGLISH, length: 255 }));
  } catch (error) {
    if (isCoded(error) && WITHOUT_TEXT.has(error.code)) return undefined;
    throw error;
  }
}

import { fromHex, isCoded, toHex } from '@usher/protocol';
import {
  type ConfigurationDescriptor,
  type DeviceDescriptor,
  type EndpointType,
  parseConfiguration,
  parseDeviceDescriptor,
  type RawDescriptors,
} from '@usher/usb';

/** What a device says of itself, for people (U5.5). */
export interface DescriptorTree {
  readonly device: DeviceBranch;
  /** Undefined where {@link problem} says why. */
  readonly configuration: ConfigurationBranch | undefined;
  /** Why the rest can't be shown: devices lie, and some are broken. */
  readonly problem: string | undefined;
}

export interface DeviceBranch {
  readonly vendorId: string;
  readonly productId: string;
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serial: string | undefined;
  /** `2.00` */
  readonly usbVersion: string;
  readonly deviceVersion: string;
  readonly deviceClass: number;
  readonly className: string;
  readonly maxPacketSize0: number;
  readonly configurations: number;
}

export interface ConfigurationBranch {
  readonly value: number;
  readonly name: string | undefined;
  readonly selfPowered: boolean;
  readonly remoteWakeup: boolean;
  readonly maxPowerMilliamps: number;
  readonly interfaces: readonly InterfaceBranch[];
}

export interface InterfaceBranch {
  readonly number: number;
  readonly alternate: number;
  readonly name: string | undefined;
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly interfaceProtocol: number;
  readonly className: string;
  readonly endpoints: readonly EndpointBranch[];
  /** Class-specific descriptors in between, as hex. */
  readonly extra: readonly string[];
}

export interface EndpointBranch {
  readonly address: number;
  readonly direction: 'in' | 'out';
  readonly type: EndpointType;
  readonly maxPacketSize: number;
  readonly interval: number;
}

/** @throws CodedError `frame.truncated` or `message.malformed` where not even the device descriptor reads. */
export function descriptorTree(raw: RawDescriptors): DescriptorTree {
  const texts = new Map(raw.strings.map(({ index, text }) => [index, text]));
  const device = deviceBranch(parseDeviceDescriptor(fromHex(raw.device_hex)), texts);
  try {
    return { device, configuration: configurationBranch(parseConfiguration(fromHex(raw.configuration_hex)), texts), problem: undefined };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { device, configuration: undefined, problem: error.message };
  }
}

type Texts = ReadonlyMap<number, string>;

function deviceBranch(device: DeviceDescriptor, texts: Texts): DeviceBranch {
  const { vendorId, productId, deviceClass, maxPacketSize0, configurations } = device;
  return {
    ...{ vendorId, productId },
    manufacturer: texts.get(device.manufacturerIndex),
    product: texts.get(device.productIndex),
    serial: texts.get(device.serialIndex),
    usbVersion: version(device.usbVersion),
    deviceVersion: version(device.deviceVersion),
    ...{ deviceClass, className: className(deviceClass), maxPacketSize0, configurations },
  };
}

function configurationBranch(configuration: ConfigurationDescriptor, texts: Texts): ConfigurationBranch {
  const { value, nameIndex, attributes, maxPowerMilliamps, interfaces } = configuration;
  return {
    ...{ value, name: texts.get(nameIndex), maxPowerMilliamps },
    selfPowered: (attributes & 0x40) !== 0,
    remoteWakeup: (attributes & 0x20) !== 0,
    interfaces: interfaces.map(({ nameIndex: index, endpoints, extra, ...rest }) => ({
      ...rest,
      name: texts.get(index),
      className: className(rest.interfaceClass),
      endpoints: endpoints.map((endpoint) => ({ ...endpoint, direction: (endpoint.address & 0x80) === 0 ? 'out' : 'in' }) as const),
      extra: extra.map(toHex),
    })),
  };
}

/** Binary-coded decimal: `0x0210` is 2.10. */
function version(bcd: number): string {
  return `${(bcd >> 8).toString(16)}.${(bcd & 0xff).toString(16).padStart(2, '0')}`;
}

/** Of the USB-IF's list of class codes. */
const CLASSES: Readonly<Record<number, string>> = {
  0: 'per interface',
  1: 'audio',
  2: 'communications',
  3: 'HID',
  5: 'physical',
  6: 'image',
  7: 'printer',
  8: 'mass storage',
  9: 'hub',
  10: 'CDC data',
  11: 'smart card',
  13: 'content security',
  14: 'video',
  15: 'personal healthcare',
  16: 'audio and video',
  17: 'billboard',
  220: 'diagnostic',
  224: 'wireless',
  239: 'miscellaneous',
  254: 'application specific',
  255: 'vendor specific',
};

function className(code: number): string {
  return CLASSES[code] ?? `class ${code.toString(16).padStart(2, '0')}`;
}

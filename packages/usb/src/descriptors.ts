import { CodedError } from '@usher/protocol';

/** USB class codes that decisions depend on. */
export const UsbClass = { Hid: 0x03, Printer: 0x07, MassStorage: 0x08, Hub: 0x09 } as const;

const Type = { Device: 0x01, Configuration: 0x02, String: 0x03, Interface: 0x04, Endpoint: 0x05 } as const;
const DEVICE_BYTES = 18;
const CONFIGURATION_BYTES = 9;
const INTERFACE_BYTES = 9;
const ENDPOINT_BYTES = 7;
/** Descriptors in one configuration. `wTotalLength` ends at 65,535; real devices have a few dozen. */
const MAX_DESCRIPTORS = 4096;

export type EndpointType = 'control' | 'isochronous' | 'bulk' | 'interrupt';

export interface DeviceDescriptor {
  /** `0x0200` is USB 2.0. */
  readonly usbVersion: number;
  readonly deviceClass: number;
  readonly deviceSubclass: number;
  readonly deviceProtocol: number;
  readonly maxPacketSize0: number;
  readonly vendorId: string;
  readonly productId: string;
  readonly deviceVersion: number;
  /** String indices; 0 means the device has none. */
  readonly manufacturerIndex: number;
  readonly productIndex: number;
  readonly serialIndex: number;
  readonly configurations: number;
}

export interface ConfigurationDescriptor {
  readonly value: number;
  readonly nameIndex: number;
  readonly attributes: number;
  readonly maxPowerMilliamps: number;
  readonly interfaces: readonly InterfaceDescriptor[];
}

export interface InterfaceDescriptor {
  readonly number: number;
  readonly alternate: number;
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly interfaceProtocol: number;
  readonly nameIndex: number;
  readonly endpoints: readonly EndpointDescriptor[];
  /** Class-specific descriptors in between (HID, CDC …), each as it came. */
  readonly extra: readonly Uint8Array[];
}

export interface EndpointDescriptor {
  /** With bit 7 for IN. */
  readonly address: number;
  readonly type: EndpointType;
  /** Bytes of one packet, without the high-bandwidth bits. */
  readonly maxPacketSize: number;
  readonly interval: number;
}

/** The 18 bytes that GET_DESCRIPTOR(device) returns (USB 2.0 §9.6.1). */
export function parseDeviceDescriptor(bytes: Uint8Array): DeviceDescriptor {
  if (bytes.length < DEVICE_BYTES) throw truncated('device', bytes.length);
  const view = viewOf(bytes);
  if (view.getUint8(1) !== Type.Device) throw new CodedError('message.malformed', 'not a device descriptor');
  return {
    usbVersion: view.getUint16(2, true),
    deviceClass: view.getUint8(4),
    deviceSubclass: view.getUint8(5),
    deviceProtocol: view.getUint8(6),
    maxPacketSize0: view.getUint8(7),
    vendorId: hex4(view.getUint16(8, true)),
    productId: hex4(view.getUint16(10, true)),
    deviceVersion: view.getUint16(12, true),
    manufacturerIndex: view.getUint8(14),
    productIndex: view.getUint8(15),
    serialIndex: view.getUint8(16),
    configurations: view.getUint8(17),
  };
}

/**
 * A configuration with its interfaces and endpoints (USB 2.0 §9.6.3–6). Reads what is there: a `wTotalLength` beyond the bytes and
 * counts that don't add up are common in real devices; a descriptor shorter than its kind, or of length 0 or 1, is an error, because
 * nothing after it can be trusted.
 */
export function parseConfiguration(bytes: Uint8Array): ConfigurationDescriptor {
  if (bytes.length < CONFIGURATION_BYTES) throw truncated('configuration', bytes.length);
  const view = viewOf(bytes);
  if (view.getUint8(1) !== Type.Configuration) throw new CodedError('message.malformed', 'not a configuration descriptor');
  const total = Math.min(bytes.length, Math.max(CONFIGURATION_BYTES, view.getUint16(2, true)));

  const interfaces: { head: InterfaceDescriptor; endpoints: EndpointDescriptor[]; extra: Uint8Array[] }[] = [];
  for (const descriptor of descriptorsOf(bytes.subarray(Math.max(CONFIGURATION_BYTES, view.getUint8(0)), total))) {
    const current = interfaces.at(-1);
    if (descriptor[1] === Type.Interface) interfaces.push({ head: readInterface(descriptor), endpoints: [], extra: [] });
    else if (descriptor[1] === Type.Endpoint) current?.endpoints.push(readEndpoint(descriptor));
    else current?.extra.push(descriptor);
  }
  return {
    value: view.getUint8(5),
    nameIndex: view.getUint8(6),
    attributes: view.getUint8(7),
    maxPowerMilliamps: view.getUint8(8) * 2,
    interfaces: interfaces.map(({ head, endpoints, extra }) => ({ ...head, endpoints, extra })),
  };
}

/** The text of a string descriptor (UTF-16LE behind two header bytes); a lone surrogate becomes U+FFFD. */
export function parseStringDescriptor(bytes: Uint8Array): string {
  if (bytes.length < 2) throw truncated('string', bytes.length);
  const view = viewOf(bytes);
  if (view.getUint8(1) !== Type.String) throw new CodedError('message.malformed', 'not a string descriptor');
  const end = Math.min(bytes.length, view.getUint8(0));
  let text = '';
  for (let at = 2; at + 1 < end; at += 2) text += String.fromCharCode(view.getUint16(at, true));
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/** Each endpoint of a configuration by its address, over all alternate settings; undefined where the descriptors can't be read. */
export function endpointsOf(configuration: Uint8Array): ReadonlyMap<number, EndpointDescriptor> | undefined {
  try {
    const { interfaces } = parseConfiguration(configuration);
    return new Map(interfaces.flatMap((one) => one.endpoints.map((endpoint) => [endpoint.address, endpoint] as const)));
  } catch {
    return undefined; // malformed: the caller then leaves the judgement to the operating system
  }
}

function* descriptorsOf(bytes: Uint8Array): Generator<Uint8Array> {
  const view = viewOf(bytes);
  let at = 0;
  for (let count = 0; at < bytes.length; count += 1) {
    const length = view.getUint8(at);
    if (count >= MAX_DESCRIPTORS) throw new CodedError('message.malformed', 'too many descriptors');
    if (length < 2) throw new CodedError('message.malformed', `a descriptor of length ${length}`);
    if (at + length > bytes.length) throw truncated('nested', bytes.length - at);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

function readInterface(bytes: Uint8Array): InterfaceDescriptor {
  if (bytes.length < INTERFACE_BYTES) throw truncated('interface', bytes.length);
  const view = viewOf(bytes);
  return {
    number: view.getUint8(2),
    alternate: view.getUint8(3),
    interfaceClass: view.getUint8(5),
    interfaceSubclass: view.getUint8(6),
    interfaceProtocol: view.getUint8(7),
    nameIndex: view.getUint8(8),
    endpoints: [],
    extra: [],
  };
}

function readEndpoint(bytes: Uint8Array): EndpointDescriptor {
  if (bytes.length < ENDPOINT_BYTES) throw truncated('endpoint', bytes.length);
  const view = viewOf(bytes);
  return {
    address: view.getUint8(2),
    type: endpointType(view.getUint8(3)),
    maxPacketSize: view.getUint16(4, true) & 0x7ff,
    interval: view.getUint8(6),
  };
}

/** The two low bits of `bmAttributes`. */
function endpointType(attributes: number): EndpointType {
  switch (attributes & 3) {
    case 1:
      return 'isochronous';
    case 2:
      return 'bulk';
    case 3:
      return 'interrupt';
    default:
      return 'control';
  }
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function truncated(kind: string, length: number): CodedError {
  return new CodedError('frame.truncated', `a ${kind} descriptor of ${length} bytes is too short`);
}

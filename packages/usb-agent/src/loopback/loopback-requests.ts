import { usbId } from '@usher/domain';
import {
  type AgentMethod,
  CodedError,
  DEFAULT_TRANSFER_TIMEOUT_MS,
  fromBase64,
  MAX_CONTROL_TRANSFER,
  MAX_TRANSFER_TIMEOUT_MS,
  type Reader,
  toBase64,
  toHex,
  type UsbDeviceQuery,
} from '@usher/protocol';
import { type DeviceDescriptor, parseDeviceDescriptor, readDescriptors, type UsbClaimHandle } from '@usher/usb';
import type { LoopbackViewer } from './loopback-viewer.ts';

export type LoopbackMethod = Extract<AgentMethod, `loopback.${string}`>;

/** Bytes of one transfer over HTTP: as base64 it fits a message of the link (rule A2) with room. */
const TRANSFER_MAX = 512 * 1024;
const BASE64_MAX = Math.ceil(TRANSFER_MAX / 3) * 4;
const CLAIM_MAX = 0xfffe;
const DEVICE_DESCRIPTOR = { requestType: 0x80, request: 6, value: 0x0100, length: 18 } as const;

export function isLoopback(method: AgentMethod): method is LoopbackMethod {
  return method.startsWith('loopback.');
}

/** The API's typed operations on local devices (rule A8); parameters and results in its snake_case. */
export async function answerLoopback(viewer: LoopbackViewer, method: LoopbackMethod, body: Reader): Promise<unknown> {
  switch (method) {
    case 'loopback.list':
      return { devices: (await viewer.list()).map(deviceDocument) };
    case 'loopback.probe':
      return viewer.withDevice(readQuery(body), probe);
    case 'loopback.open':
      return { claim: (await viewer.open(readQuery(body))).claim };
    case 'loopback.descriptors':
      return readDescriptors(handleOf(viewer, body));
    case 'loopback.control':
      return control(handleOf(viewer, body), body);
    case 'loopback.bulk':
      return { data: toBase64(await handleOf(viewer, body).bulk(readEndpointTransfer(body))) };
    case 'loopback.interrupt':
      return { data: toBase64(await handleOf(viewer, body).interrupt(readEndpointTransfer(body))) };
    case 'loopback.close':
      await handleOf(viewer, body).close();
      return { closed: true };
  }
}

/** AutoControl's probe (usb-wire §15.1): whether a device answers at all, and who it says it is. */
async function probe(handle: UsbClaimHandle) {
  const bytes = await handle.control(DEVICE_DESCRIPTOR);
  const { vendorId, productId, line } = summaryOf(bytes);
  return { ok: true, vendor_id: vendorId, product_id: productId, descriptor_hex: toHex(bytes), descriptor: line };
}

function summaryOf(bytes: Uint8Array) {
  const device = parseDeviceDescriptor(bytes);
  const { vendorId, productId, usbVersion, configurations } = device;
  const version = `${usbVersion >> 8}.${(usbVersion & 0xff).toString(16).padStart(2, '0')}`;
  const count = `${configurations} config${configurations === 1 ? '' : 's'}`;
  return { vendorId, productId, line: `${vendorId}:${productId} ${classOf(device)} (USB ${version}, ${count})` };
}

const CLASS_NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'per-interface'],
  [0x01, 'audio'],
  [0x02, 'communications'],
  [0x03, 'hid'],
  [0x07, 'printer'],
  [0x08, 'mass-storage'],
  [0x09, 'hub'],
  [0xe0, 'wireless'],
  [0xef, 'miscellaneous'],
  [0xff, 'vendor-specific'],
]);

function classOf({ deviceClass }: DeviceDescriptor): string {
  return CLASS_NAMES.get(deviceClass) ?? `class 0x${deviceClass.toString(16).padStart(2, '0')}`;
}

async function control(handle: UsbClaimHandle, body: Reader) {
  const data = readData(body, MAX_CONTROL_TRANSFER);
  const read = await handle.control({
    requestType: body.integer('bm_request_type', 0, 0xff),
    request: body.integer('b_request', 0, 0xff),
    value: body.optionalInteger('w_value', 0, 0xffff) ?? 0,
    index: body.optionalInteger('w_index', 0, 0xffff) ?? 0,
    length: body.optionalInteger('length', 0, MAX_CONTROL_TRANSFER) ?? 0,
    timeoutMs: readTimeout(body),
    ...(data === undefined ? {} : { data }),
  });
  return { data: toBase64(read) };
}

function readEndpointTransfer(body: Reader) {
  const data = readData(body, TRANSFER_MAX);
  return {
    endpoint: body.integer('endpoint', 0, 0xff),
    length: body.optionalInteger('length', 0, TRANSFER_MAX) ?? 0,
    timeoutMs: readTimeout(body),
    ...(data === undefined ? {} : { data }),
  };
}

function readTimeout(body: Reader): number {
  return body.optionalInteger('timeout_ms', 1, MAX_TRANSFER_TIMEOUT_MS) ?? DEFAULT_TRANSFER_TIMEOUT_MS;
}

function readData(body: Reader, most: number): Uint8Array | undefined {
  const text = body.optionalString('data', BASE64_MAX);
  if (text === undefined) return undefined;
  const data = fromBase64(text);
  if (data.length > most) throw new CodedError('frame.oversized', `at most ${most} bytes are written in one transfer`);
  return data;
}

function readQuery(body: Reader): UsbDeviceQuery {
  return {
    vendorId: usbId(body.string('vendor_id', 16)),
    productId: usbId(body.string('product_id', 16)),
    serial: body.optionalString('serial', 126),
  };
}

function handleOf(viewer: LoopbackViewer, body: Reader): UsbClaimHandle {
  return viewer.held(body.integer('claim', 1, CLAIM_MAX));
}

function deviceDocument({ vendorId, productId, serial, busLocation }: Awaited<ReturnType<LoopbackViewer['list']>>[number]) {
  return { vendor_id: vendorId, product_id: productId, serial: serial ?? null, bus_location: busLocation ?? null };
}

import { CodedError, Op, type UsbConfigChange, type UsbControlRequest } from '@usher/protocol';
import { type EndpointDescriptor, type InterfaceDescriptor, parseConfiguration } from './descriptors.ts';
import type { TransferOp } from './transfer-op.ts';

/** What a device's active configuration has, for judging what a viewer asks of it. One that can't be read is left to the operating system. */
export class ClaimLayout {
  readonly #interfaces: readonly InterfaceDescriptor[] | undefined;
  readonly #endpoints = new Map<number, { readonly endpoint: EndpointDescriptor; readonly interfaceNumber: number }>();

  constructor(configuration: Uint8Array) {
    this.#interfaces = interfacesOf(configuration);
    for (const one of this.#interfaces ?? []) {
      for (const endpoint of one.endpoints) this.#endpoints.set(endpoint.address, { endpoint, interfaceNumber: one.number });
    }
  }

  /** Undefined where nothing is known. */
  interfaceOf(address: number): number | undefined {
    return this.#endpoints.get(address)?.interfaceNumber;
  }

  /** Bulk or interrupt, as the endpoint is; `usb.unsupported` where it is neither, or nothing is known. */
  opOf(address: number): TransferOp {
    const type = this.#endpoints.get(address)?.endpoint.type;
    if (type === 'bulk') return Op.Bulk;
    if (type === 'interrupt') return Op.Interrupt;
    throw new CodedError('usb.unsupported', `${nameOf(address)} is neither a bulk nor an interrupt endpoint`);
  }

  checkTransfer(op: TransferOp, address: number): void {
    if (this.#interfaces === undefined) return;
    const { endpoint } = this.#endpoints.get(address) ?? {};
    const name = nameOf(address);
    if (endpoint === undefined) throw new CodedError('usb.transfer-failed', `the device has no ${name}`);
    if (endpoint.type === 'isochronous') throw new CodedError('usb.unsupported', `${name} is isochronous, which Usher doesn't carry`);
    const wanted = op === Op.Bulk ? 'bulk' : 'interrupt';
    if (endpoint.type !== wanted) throw new CodedError('usb.transfer-failed', `${name} is ${endpoint.type}, not ${wanted}`);
  }

  /** A number that the device doesn't have never reaches it, nor the operating system (rule U19; usb-field §5, CVE-2026-24679). */
  checkChange(change: UsbConfigChange): void {
    if (this.#interfaces === undefined || change.action === 'reset' || change.action === 'set-configuration') return;
    if (change.action === 'clear-halt') {
      if (!this.#endpoints.has(change.endpoint))
        throw new CodedError('usb.transfer-failed', `the device has no ${nameOf(change.endpoint)}`);
      return;
    }
    const { interfaceNumber } = change;
    const settings = this.#interfaces.filter((one) => one.number === interfaceNumber);
    if (settings.length === 0) throw new CodedError('usb.transfer-failed', `the device has no interface ${interfaceNumber}`);
    if (change.action !== 'set-interface' || settings.some((one) => one.alternate === change.alternate)) return;
    throw new CodedError('usb.transfer-failed', `interface ${interfaceNumber} has no alternate setting ${change.alternate}`);
  }

  /** Whether what is under way on an endpoint ends with this change (rule U19). */
  ends(change: UsbConfigChange, address: number): boolean {
    if (address === 0) return false; // control transfers are the device's own
    if (change.action === 'reset' || change.action === 'set-configuration') return true;
    if (change.action !== 'set-interface' && change.action !== 'release-interface') return false;
    return this.interfaceOf(address) === change.interfaceNumber;
  }
}

const ENDPOINT_HALT = 0;

/**
 * A standard request (USB 2.0 §9.4) that says what a configuration change says. Sent to the device as it is, it would leave the kernel with
 * another idea of the device than the device has.
 */
export function changeOfControl({ requestType, request, value, index }: UsbControlRequest): UsbConfigChange | undefined {
  if (requestType === 0x00 && request === 9) return { action: 'set-configuration', value: value & 0xff };
  if (requestType === 0x01 && request === 11) return { action: 'set-interface', interfaceNumber: index & 0xff, alternate: value & 0xff };
  if (requestType === 0x02 && request === 1 && value === ENDPOINT_HALT) return { action: 'clear-halt', endpoint: index & 0xff };
  return undefined;
}

function interfacesOf(configuration: Uint8Array): readonly InterfaceDescriptor[] | undefined {
  try {
    return parseConfiguration(configuration).interfaces;
  } catch {
    return undefined; // malformed: the judgement is then left to the operating system
  }
}

function nameOf(address: number): string {
  return `endpoint 0x${address.toString(16).padStart(2, '0')}`;
}

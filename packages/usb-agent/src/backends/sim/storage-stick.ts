import { concat } from '@usher/protocol';
import { configurationDescriptor, deviceDescriptor, endpointDescriptor, interfaceDescriptor } from './descriptor-bytes.ts';
import { InQueue } from './in-queue.ts';
import { RamDisk } from './ram-disk.ts';
import { ScsiDisk } from './scsi-disk.ts';
import { type Setup, type SimDevice, type SimIdentity, stall, standardRequest } from './sim-device.ts';

const Endpoint = { In: 0x81, Out: 0x02 } as const;
const Request = { Reset: 0xff, GetMaxLun: 0xfe } as const;
const CBW_BYTES = 31;
const CBW_SIGNATURE = 0x4342_5355;
const CSW_SIGNATURE = 0x5342_5355;
const CswStatus = { Passed: 0, Failed: 1, PhaseError: 2 } as const;
/** Largest data phase: 65,535 sectors is what READ(10) can ask for; the disk itself is far smaller. */
const MAX_DATA = 2 * 1024 * 1024;
const NOTHING = new Uint8Array();

interface Wrapper {
  readonly tag: number;
  readonly length: number;
  readonly toHost: boolean;
  readonly command: Uint8Array;
}

/** A memory stick: SCSI over bulk-only transport (USB Mass Storage BOT 1.0), 1 MiB of known sectors. */
export class StorageStick implements SimDevice {
  readonly identity: SimIdentity = { manufacturer: 'Usher', product: 'Simulated stick', serial: 'SIMSTICK0001' };
  readonly device = deviceDescriptor({ vendorId: 0x1209, productId: 0x0003, deviceVersion: 0x0100 });
  readonly configuration = configurationDescriptor(1, [
    interfaceDescriptor({ number: 0, endpoints: 2, interfaceClass: 0x08, subclass: 0x06, protocol: 0x50 }),
    endpointDescriptor(Endpoint.In, 'bulk', 512),
    endpointDescriptor(Endpoint.Out, 'bulk', 512),
  ]);
  readonly #disk = new ScsiDisk(new RamDisk());
  readonly #answers = new InQueue('whole', MAX_DATA);
  /** The write whose data is still coming. */
  #writing: { readonly wrapper: Wrapper; readonly data: Uint8Array } | undefined;
  /** After a wrapper that makes no sense, everything stalls until a reset (BOT §6.6.1). */
  #lost = false;

  control(setup: Setup): Uint8Array {
    const answer = standardRequest(this, setup);
    if (answer !== undefined) return answer;
    if (setup.requestType === 0xa1 && setup.request === Request.GetMaxLun) return new Uint8Array([0]);
    if (setup.requestType !== 0x21 || setup.request !== Request.Reset) throw stall();
    this.reset();
    return NOTHING;
  }

  read(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (endpoint !== Endpoint.In || this.#lost) throw stall();
    return this.#answers.take(length, signal);
  }

  write(endpoint: number, data: Uint8Array): void {
    if (endpoint !== Endpoint.Out || this.#lost) throw stall();
    if (this.#writing !== undefined) this.#receive(this.#writing.wrapper, concat([this.#writing.data, data]));
    else this.#wrapper(data);
  }

  /** The transport starts over; what is on the disk stays. */
  reset(): void {
    this.#answers.clear();
    this.#writing = undefined;
    this.#lost = false;
  }

  #wrapper(data: Uint8Array): void {
    const wrapper = readWrapper(data);
    if (wrapper === undefined) {
      this.#lost = true;
      throw stall();
    }
    if (wrapper.toHost || wrapper.length === 0) this.#execute(wrapper, NOTHING);
    else this.#receive(wrapper, NOTHING);
  }

  #receive(wrapper: Wrapper, data: Uint8Array): void {
    const complete = data.length >= wrapper.length;
    this.#writing = complete ? undefined : { wrapper, data };
    if (complete) this.#execute(wrapper, data);
  }

  #execute(wrapper: Wrapper, written: Uint8Array): void {
    const result = this.#disk.execute(wrapper.command, written);
    const data = wrapper.toHost ? result.data.subarray(0, wrapper.length) : NOTHING;
    // Less than was asked for, down to nothing, ends the data phase with a short packet; the residue says how much is missing.
    if (wrapper.toHost && wrapper.length > 0) this.#answers.offer(data);
    const used = wrapper.toHost ? data.length : result.ok ? wrapper.length : 0;
    this.#answers.offer(statusWrapper(wrapper, wrapper.length - used, result.ok ? CswStatus.Passed : CswStatus.Failed));
  }
}

function readWrapper(data: Uint8Array): Wrapper | undefined {
  if (data.length !== CBW_BYTES) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = view.getUint32(8, true);
  const commandLength = view.getUint8(14);
  const isValid = view.getUint32(0, true) === CBW_SIGNATURE && view.getUint8(13) === 0 && commandLength >= 1 && commandLength <= 16;
  if (!isValid || length > MAX_DATA) return undefined;
  return {
    tag: view.getUint32(4, true),
    length,
    toHost: (view.getUint8(12) & 0x80) !== 0,
    command: data.slice(15, 15 + commandLength),
  };
}

function statusWrapper(wrapper: Wrapper, residue: number, status: number): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CSW_SIGNATURE, true);
  view.setUint32(4, wrapper.tag, true);
  view.setUint32(8, residue, true);
  view.setUint8(12, status);
  return bytes;
}

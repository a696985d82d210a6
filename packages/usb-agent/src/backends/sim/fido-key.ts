import { CtapHid } from './ctap-hid.ts';
import { configurationDescriptor, deviceDescriptor, endpointDescriptor, interfaceDescriptor } from './descriptor-bytes.ts';
import { InQueue } from './in-queue.ts';
import { type Setup, type SimDevice, type SimIdentity, stall, standardRequest } from './sim-device.ts';

const Endpoint = { In: 0x81, Out: 0x01 } as const;
const REPORT_BYTES = 64;
const GET_DESCRIPTOR = 6;
const HID_REPORT = 0x22;
const SET_IDLE = 0x0a;
const NOTHING = new Uint8Array();

/** FIDO usage page, one IN and one OUT report of 64 bytes (CTAP 2.1 §11.2.8.2). */
const REPORT_DESCRIPTOR = new Uint8Array([
  0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01, 0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81, 0x02, 0x09, 0x21, 0x15,
  0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xc0,
]);

/** A FIDO2 security key: a HID device that speaks CTAPHID in reports of 64 bytes. */
export class FidoKey implements SimDevice {
  readonly identity: SimIdentity = { manufacturer: 'Usher', product: 'Simulated security key', serial: 'SIM-FIDO-1' };
  readonly device = deviceDescriptor({ vendorId: 0x1050, productId: 0x0407, deviceVersion: 0x0543 });
  readonly configuration = configurationDescriptor(1, [
    interfaceDescriptor({ number: 0, endpoints: 2, interfaceClass: 0x03, subclass: 0x00, protocol: 0x00 }),
    // HID 1.11, no country, one report descriptor (HID 1.11 §6.2.1)
    new Uint8Array([9, 0x21, 0x11, 0x01, 0x00, 0x01, HID_REPORT, REPORT_DESCRIPTOR.length, 0x00]),
    endpointDescriptor(Endpoint.In, 'interrupt', REPORT_BYTES, 5),
    endpointDescriptor(Endpoint.Out, 'interrupt', REPORT_BYTES, 5),
  ]);
  /** The longest message, 129 reports, and another one that nobody has read. */
  readonly #reports = new InQueue('whole', 2 * 129 * REPORT_BYTES);
  #hid = this.#newHid();

  control(setup: Setup): Uint8Array {
    if (setup.requestType === 0x81 && setup.request === GET_DESCRIPTOR && setup.value >> 8 === HID_REPORT) return REPORT_DESCRIPTOR;
    const answer = standardRequest(this, setup);
    if (answer !== undefined) return answer;
    if (setup.requestType === 0x21 && setup.request === SET_IDLE) return NOTHING;
    throw stall();
  }

  read(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (endpoint !== Endpoint.In) throw stall();
    return this.#reports.take(length, signal);
  }

  write(endpoint: number, data: Uint8Array): void {
    if (endpoint !== Endpoint.Out) throw stall();
    if (data.length === REPORT_BYTES) this.#hid.report(data); // HID drops a report of any other size
  }

  reset(): void {
    this.#reports.clear();
    this.#hid = this.#newHid();
  }

  #newHid(): CtapHid {
    return new CtapHid((report) => this.#reports.offer(report));
  }
}

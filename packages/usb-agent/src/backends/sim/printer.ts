import { concat, utf8 } from '@usher/protocol';
import { configurationDescriptor, deviceDescriptor, endpointDescriptor, interfaceDescriptor } from './descriptor-bytes.ts';
import { InQueue } from './in-queue.ts';
import { type Setup, type SimDevice, type SimIdentity, stall, standardRequest } from './sim-device.ts';

const Endpoint = { Data: 0x01, Status: 0x82 } as const;
/** Class requests of the printer class (USB Printer 1.1 §4.2). */
const Request = { GetDeviceId: 0, GetPortStatus: 1, SoftReset: 2 } as const;
const FROM_INTERFACE = 0xa1;
const RESET_TARGETS: ReadonlySet<number> = new Set([0x21, 0x23]); // the class says 0x21; older hosts ask with 0x23
/** Selected, no error, paper in. */
const PORT_STATUS_READY = 0x18;
/** The last bytes of what was printed are kept, for whoever wants to look at the job. */
const JOB_BYTES = 1024 * 1024;
const DEVICE_ID = 'MFG:Usher;MDL:Simulated printer;CMD:PCL,PS;CLS:PRINTER;SN:SIM-PRN-1;';
const NOTHING = new Uint8Array();

/** A bidirectional printer that takes every job at once and prints nothing. */
export class Printer implements SimDevice {
  readonly identity: SimIdentity = { manufacturer: 'Usher', product: 'Simulated printer', serial: 'SIM-PRN-1' };
  readonly device = deviceDescriptor({ vendorId: 0x1209, productId: 0x0002, deviceVersion: 0x0100 });
  readonly configuration = configurationDescriptor(1, [
    interfaceDescriptor({ number: 0, endpoints: 2, interfaceClass: 0x07, subclass: 0x01, protocol: 0x02 }),
    endpointDescriptor(Endpoint.Data, 'bulk', 512),
    endpointDescriptor(Endpoint.Status, 'bulk', 512),
  ]);
  readonly #status = new InQueue('whole', 256);
  #job: Uint8Array = NOTHING;

  /** What was printed since the last reset. */
  get job(): Uint8Array {
    return this.#job;
  }

  control(setup: Setup): Uint8Array {
    const answer = standardRequest(this, setup);
    if (answer !== undefined) return answer;
    if (setup.requestType === FROM_INTERFACE && setup.request === Request.GetDeviceId) return deviceId();
    if (setup.requestType === FROM_INTERFACE && setup.request === Request.GetPortStatus) return new Uint8Array([PORT_STATUS_READY]);
    if (RESET_TARGETS.has(setup.requestType) && setup.request === Request.SoftReset) {
      this.reset();
      return NOTHING;
    }
    throw stall();
  }

  read(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (endpoint !== Endpoint.Status) throw stall();
    return this.#status.take(length, signal); // a printer with nothing to report says nothing
  }

  write(endpoint: number, data: Uint8Array): void {
    if (endpoint !== Endpoint.Data) throw stall();
    this.#job = concat([this.#job, data]).slice(-JOB_BYTES);
  }

  reset(): void {
    this.#job = NOTHING;
    this.#status.clear();
  }
}

/** IEEE 1284 device id: two length bytes, big-endian, that count themselves. */
function deviceId(): Uint8Array {
  const text = utf8(DEVICE_ID);
  const length = text.length + 2;
  return concat([new Uint8Array([length >> 8, length & 0xff]), text]);
}

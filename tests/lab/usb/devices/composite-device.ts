import {
  configurationDescriptor,
  deviceDescriptor,
  endpointDescriptor,
  interfaceDescriptor,
} from '../../../../packages/usb-agent/src/backends/sim/descriptor-bytes.ts';
import { InQueue } from '../../../../packages/usb-agent/src/backends/sim/in-queue.ts';
import {
  type Setup,
  type SimDevice,
  type SimIdentity,
  stall,
  standardRequest,
} from '../../../../packages/usb-agent/src/backends/sim/sim-device.ts';

const Endpoint = { Keys: 0x81, EchoIn: 0x82, EchoOut: 0x02 } as const;
const NOTHING = new Uint8Array();
const BUFFER_BYTES = 64 * 1024;

/** One array of a boot keyboard: modifiers, a reserved byte, six keys (HID 1.11 appendix B). */
const KEYBOARD_REPORT = new Uint8Array([
  0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95,
  0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0,
]);

/**
 * Two functions in one device: a keyboard, which the kernel takes, and an echo of a vendor's own. Their interfaces have the numbers 0 and 3:
 * whoever takes the second one for number 1 doesn't get it (lab §4, quirk 4).
 */
export class CompositeDevice implements SimDevice {
  readonly identity: SimIdentity = { manufacturer: 'Usher', product: 'Lab composite', serial: 'LAB-COMPOSITE-1' };
  readonly device = deviceDescriptor({ vendorId: 0x1209, productId: 0x0010, deviceVersion: 0x0100 });
  readonly configuration = configurationDescriptor(2, [
    interfaceDescriptor({ number: 0, endpoints: 1, interfaceClass: 0x03, subclass: 0x01, protocol: 0x01 }),
    new Uint8Array([9, 0x21, 0x11, 0x01, 0x00, 0x01, 0x22, KEYBOARD_REPORT.length, 0x00]),
    endpointDescriptor(Endpoint.Keys, 'interrupt', 8, 10),
    interfaceDescriptor({ number: 3, endpoints: 2, interfaceClass: 0xff, subclass: 0x00, protocol: 0x00 }),
    endpointDescriptor(Endpoint.EchoIn, 'bulk', 64),
    endpointDescriptor(Endpoint.EchoOut, 'bulk', 64),
  ]);
  readonly #echo = new InQueue('merged', BUFFER_BYTES);
  readonly #keys = new InQueue('whole', BUFFER_BYTES);

  control(setup: Setup): Uint8Array {
    if (setup.requestType === 0x81 && setup.request === 6 && setup.value >> 8 === 0x22) return KEYBOARD_REPORT;
    const answer = standardRequest(this, setup);
    if (answer !== undefined) return answer;
    if (setup.requestType === 0x21) return NOTHING; // idle rate, protocol and lights of the keyboard
    throw stall();
  }

  read(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (endpoint === Endpoint.Keys) return this.#keys.take(length, signal);
    if (endpoint === Endpoint.EchoIn) return this.#echo.take(length, signal);
    throw stall();
  }

  async write(endpoint: number, data: Uint8Array, signal: AbortSignal): Promise<void> {
    if (endpoint !== Endpoint.EchoOut) throw stall();
    await this.#echo.push(data, signal);
  }

  reset(): void {
    this.#echo.clear();
    this.#keys.clear();
  }
}

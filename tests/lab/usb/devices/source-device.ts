import {
  configurationDescriptor,
  deviceDescriptor,
  endpointDescriptor,
  interfaceDescriptor,
} from '../../../../packages/usb-agent/src/backends/sim/descriptor-bytes.ts';
import {
  type Setup,
  type SimDevice,
  type SimIdentity,
  stall,
  standardRequest,
} from '../../../../packages/usb-agent/src/backends/sim/sim-device.ts';

const Endpoint = { In: 0x81, Out: 0x02 } as const;
/** A prime, so that the pattern falls into step with no packet size. */
const PERIOD = 251;

/** A device that always has something to say: each byte one more than the last, modulo 251. What is written to it is forgotten. */
export class SourceDevice implements SimDevice {
  readonly identity: SimIdentity;
  readonly device = deviceDescriptor({ vendorId: 0x1209, productId: 0x0020, deviceVersion: 0x0100 });
  readonly configuration = configurationDescriptor(1, [
    interfaceDescriptor({ number: 0, endpoints: 2, interfaceClass: 0xff, subclass: 0x00, protocol: 0x00 }),
    endpointDescriptor(Endpoint.In, 'bulk', 512),
    endpointDescriptor(Endpoint.Out, 'bulk', 512),
  ]);
  #next = 0;

  constructor(serial = 'LAB-SOURCE-1') {
    this.identity = { manufacturer: 'Usher', product: 'Lab source', serial };
  }

  control(setup: Setup): Uint8Array {
    const answer = standardRequest(this, setup);
    if (answer === undefined) throw stall();
    return answer;
  }

  read(endpoint: number, length: number): Promise<Uint8Array> {
    if (endpoint !== Endpoint.In) throw stall();
    const bytes = sourceBytes(this.#next, length);
    this.#next = (this.#next + length) % PERIOD;
    return Promise.resolve(bytes);
  }

  write(endpoint: number): void {
    if (endpoint !== Endpoint.Out) throw stall();
  }

  reset(): void {
    this.#next = 0;
  }
}

/** What a source says from its `first` byte on. */
function sourceBytes(first: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (first + at) % PERIOD;
  return bytes;
}

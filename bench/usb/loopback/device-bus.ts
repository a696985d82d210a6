import {
  configurationDescriptor,
  deviceDescriptor,
  endpointDescriptor,
  interfaceDescriptor,
} from '../../../packages/usb-agent/src/backends/sim/descriptor-bytes.ts';
import {
  type Setup,
  type SimDevice,
  type SimIdentity,
  stall,
  standardRequest,
} from '../../../packages/usb-agent/src/backends/sim/sim-device.ts';
import { FakeUsbfs } from '../../../packages/usb-agent/testing/usbfs/fake-usbfs.ts';

// A bus with eight sources of endless bytes, `BENCH-1` to `BENCH-8`, for any libusb with the environment that it says in its first line. It ends
// with its input.

const DEVICES = 8;
const LARGEST_READ = 1024 * 1024;

class Source implements SimDevice {
  readonly device = deviceDescriptor({ vendorId: 0x1209, productId: 0x0020, deviceVersion: 0x0100, deviceClass: 0xff });
  readonly configuration = configurationDescriptor(1, [
    interfaceDescriptor({ number: 0, endpoints: 1, interfaceClass: 0xff, subclass: 0, protocol: 0 }),
    endpointDescriptor(0x81, 'bulk', 512),
  ]);
  readonly identity: SimIdentity;
  readonly #bytes = new Uint8Array(LARGEST_READ).fill(0x55);

  constructor(serial: string) {
    this.identity = { manufacturer: 'Usher', product: 'Source of bytes', serial };
  }

  control(setup: Setup): Uint8Array {
    const answer = standardRequest(this, setup);
    if (answer === undefined) throw stall();
    return answer;
  }

  read(_endpoint: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.#bytes.subarray(0, length));
  }

  write(): void {
    throw stall();
  }

  reset(): void {
    // it has no state
  }
}

const bus = new FakeUsbfs();
for (let unit = 1; unit <= DEVICES; unit += 1) await bus.plug(new Source(`BENCH-${unit}`));
process.stdout.write(`${JSON.stringify(bus.environment)}\n`);
process.stdin.once('end', () => void bus.close().then(() => process.exit(0)));
process.stdin.resume();

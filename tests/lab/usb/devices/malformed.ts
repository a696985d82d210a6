import { SerialBoard } from '../../../../packages/usb-agent/src/backends/sim/serial-board.ts';
import type { SimDevice } from '../../../../packages/usb-agent/src/backends/sim/sim-device.ts';

const ENDPOINT = [7, 5, 0x81, 2, 64, 0, 0];
const vendorInterface = (endpoints: number) => [9, 4, 0, 0, endpoints, 255, 0, 0, 0];
const configuration = (totalLength: number, interfaces: number) => [9, 2, totalLength, 0, interfaces, 1, 0, 0x80, 50];

/** Configurations that lie (lab §3). The kernel lists all of them; what opening comes to is ours to decide. */
const MALFORMED = {
  'an endpoint descriptor of length 0': [...configuration(25, 1), ...vendorInterface(1), 0, 5, 0x81, 2, 64, 0, 0],
  'fewer endpoints than it declares': [...configuration(25, 1), ...vendorInterface(3), ...ENDPOINT],
  'fewer interfaces than it declares': [...configuration(25, 3), ...vendorInterface(1), ...ENDPOINT],
  'a total length beyond its end': [...configuration(200, 1), ...vendorInterface(1), ...ENDPOINT],
  'an endpoint twice': [...configuration(32, 1), ...vendorInterface(2), ...ENDPOINT, ...ENDPOINT],
  'packets of no bytes': [...configuration(25, 1), ...vendorInterface(1), 7, 5, 0x81, 2, 0, 0, 0],
  'no interface': configuration(9, 0),
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type Malformation = keyof typeof MALFORMED;

export function malformedDevice(how: Malformation): SimDevice {
  return Object.assign(new SerialBoard(), { configuration: Uint8Array.from(MALFORMED[how]) });
}

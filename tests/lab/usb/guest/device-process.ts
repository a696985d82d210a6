import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { DeviceWish } from '../devices/catalogue.ts';
import { makeDevice } from '../devices/catalogue.ts';
import { UsbipDevice } from './usbip-device.ts';
import { plugIn } from './vhci.ts';

// Plays one device: `in` plugs it in, `out` pulls its cable, each answered by `done` when the kernel has been told. Never in the process that
// runs libusb: cancelling a transfer sleeps in the kernel until the device has answered, so the two would wait for each other (lab §3).

const [, , wish = ''] = process.argv;
const { device, speed } = makeDevice(JSON.parse(wish) as DeviceWish); // written by the test that starts this
let cable: Socket | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'in') {
    device.reset();
    cable = await plugIn(speed);
    new UsbipDevice(device, cable);
  } else cable?.destroy();
  process.stdout.write('done\n');
}
process.exit(0);

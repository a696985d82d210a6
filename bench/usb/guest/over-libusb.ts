import { type Device, usb } from 'usb';
import { submitTransfer } from '../../../packages/usb-agent/src/backends/libusb/libusb-transfer.ts';
import { bulkIn, CONFIGURATION, type Measurable, roundTrips, type Stream, throughput } from '../measurable.ts';
import { serveCommands } from './serve-commands.ts';

// A program that has the device through libusb: the real one, or the one that USB/IP has brought here.

const TransferType = { Control: 0, Bulk: 2 } as const;
const SETUP_BYTES = 8;
const NEVER = new AbortController().signal;

/** Where a device is plugged in, as the kernel's directories name it: `3-1`. */
function placeOf({ busNumber, portNumbers }: Device): string {
  return `${busNumber}-${portNumbers.join('.')}`;
}

function open(vendorId: number, productId: number, not: unknown): Device {
  const found = usb
    .getDeviceList()
    .filter(({ deviceDescriptor: { idVendor, idProduct } }) => idVendor === vendorId && idProduct === productId);
  const device = found.find((one) => placeOf(one) !== not);
  if (device === undefined) throw new Error(`the device is not there, beside ${String(not)}`);
  device.__open();
  device.__claimInterface(0);
  return device;
}

/** GET_DESCRIPTOR; what the device answers. */
async function descriptor(device: Device, value: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(SETUP_BYTES + length);
  buffer.set([0x80, 6, value & 0xff, value >> 8, 0, 0, length & 0xff, length >> 8]);
  const actual = await submitTransfer(usb.Transfer, { device, endpoint: 0, type: TransferType.Control, buffer }, NEVER);
  return buffer.subarray(SETUP_BYTES, SETUP_BYTES + actual);
}

async function measurable(device: Device): Promise<Measurable> {
  const endpoint = bulkIn(await descriptor(device, CONFIGURATION.value, CONFIGURATION.length));
  return {
    control: () => descriptor(device, 0x0100, 18),
    read: async (length) => {
      const buffer = Buffer.alloc(length);
      const stop = new AbortController().signal; // one each: what listens to one that lives as long as the program piles up on it
      const actual = await submitTransfer(usb.Transfer, { device, endpoint, type: TransferType.Bulk, buffer }, stop);
      return buffer.subarray(0, actual);
    },
  };
}

let device: Device | undefined;
await serveCommands(async (command) => {
  if (command['do'] === 'open') {
    device = open(Number(command['vendorId']), Number(command['productId']), command['not']);
    return placeOf(device);
  }
  if (device === undefined) throw new Error('nothing is open');
  if (command['do'] === 'control') return roundTrips((await measurable(device)).control, { count: Number(command['count']) });
  return throughput(await measurable(device), command['stream'] as Stream); // the bench wrote it
});
process.exit(0);

import { setTimeout as after } from 'node:timers/promises';
import type { Device } from 'usb';
import type { GuardedDevice } from './guarded-device.ts';

/** `LIBUSB_ERROR_BUSY`: the kernel hasn't released the dead agent's interface yet, or another program has taken it. */
const BUSY = -6;
/** The end of a process closes its pipes and its devices one after the other; 2 s in all, then somebody else holds the interface. */
const ATTEMPTS = 40;
const PAUSE_MS = 50;

/** Gives interfaces back to their kernel drivers and says to how many. A device that left, or came back as another, is owed nothing. */
export async function attachDrivers({ bus, address, vendorId, productId, interfaces }: GuardedDevice): Promise<number> {
  const { usb } = await import('usb');
  const device = usb.getDeviceList().find((one) => one.busNumber === bus && one.deviceAddress === address);
  if (device?.deviceDescriptor.idVendor !== vendorId || device.deviceDescriptor.idProduct !== productId) return 0;
  try {
    device.__open(); // not open(): that throws on malformed configurations and leaves the device open
  } catch {
    return 0; // it left just now
  }
  let attached = 0;
  for (const number of interfaces) if (await attach(device, number)) attached += 1;
  device.__close();
  return attached;
}

async function attach(device: Device, number: number): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      device.__attachKernelDriver(number);
      return true;
    } catch (error) {
      const isBusy = error instanceof Error && 'errno' in error && error.errno === BUSY;
      if (!isBusy) return false; // the device left, or the interface has its driver
    }
    await after(PAUSE_MS);
  }
  return false;
}

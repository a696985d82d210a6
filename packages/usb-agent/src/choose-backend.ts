import type { Acl } from '@usher/domain';
import { toWire } from '@usher/protocol';
import type { UsbBackend } from '@usher/usb';
import type { Logger } from 'pino';
import { openLibusb } from './backends/libusb/libusb-backend.ts';
import { UnavailableBackend } from './backends/libusb/unavailable-backend.ts';
import { SimBackend } from './backends/sim/sim-backend.ts';
import { GuardProcess } from './guard/driver-guard.ts';
import { startOwn } from './own-process.ts';

export type BackendChoice = 'auto' | 'libusb' | 'sim';

/**
 * What holds for simulated devices while there is no ACL file: they may be claimed. There is nothing to protect, and whoever tries
 * the product without hardware would otherwise see an empty list. A file that exists always wins, and this is never written into one: the next
 * start may have real devices.
 */
export const SIMULATED_DEVICES_ALLOWED: Acl = { default: 'allow', rules: [] };

/** The backend of this machine (U2.6). One that can't start is there all the same: it lists nothing, and `problem` says why. */
export async function openBackend(
  choice: BackendChoice,
  log: Logger,
): Promise<{ readonly backend: UsbBackend; readonly problem?: string }> {
  if (choice === 'sim') return { backend: new SimBackend() };
  try {
    return { backend: await openLibusb({ guard: new GuardProcess(log), startDevice: startDeviceProcess }) };
  } catch (error) {
    const problem = toWire(error).message;
    return { backend: new UnavailableBackend('libusb', problem), problem };
  }
}

/** A device's process ends with the agent: its input does. */
function startDeviceProcess() {
  return startOwn('device', { isDetached: false, output: 'pipe' });
}

import { FidoKey } from '../../../../packages/usb-agent/src/backends/sim/fido-key.ts';
import { Printer } from '../../../../packages/usb-agent/src/backends/sim/printer.ts';
import { SerialBoard } from '../../../../packages/usb-agent/src/backends/sim/serial-board.ts';
import type { SimDevice } from '../../../../packages/usb-agent/src/backends/sim/sim-device.ts';
import { StorageStick } from '../../../../packages/usb-agent/src/backends/sim/storage-stick.ts';
import type { UsbSpeed } from '../guest/vhci.ts';
import { CompositeDevice } from './composite-device.ts';
import { type Malformation, malformedDevice } from './malformed.ts';
import { SlowBoard } from './slow-board.ts';

/** What the lab can plug in. The first four are the product's own simulated devices, here behind a real kernel. */
export type DeviceWish =
  | { readonly kind: 'fido-key' | 'printer' | 'stick' | 'composite' }
  | { readonly kind: 'board'; readonly serial?: string }
  | { readonly kind: 'slow-board'; readonly delayMs: number }
  | { readonly kind: 'malformed'; readonly how: Malformation };

export interface LabDevice {
  readonly device: SimDevice;
  readonly speed: UsbSpeed;
}

export function makeDevice(wish: DeviceWish): LabDevice {
  switch (wish.kind) {
    case 'fido-key':
      return { device: new FidoKey(), speed: 'full' };
    case 'printer':
      return { device: new Printer(), speed: 'high' };
    case 'stick':
      return { device: new StorageStick(), speed: 'high' };
    case 'composite':
      return { device: new CompositeDevice(), speed: 'full' };
    case 'board': {
      const board = new SerialBoard();
      const serial = wish.serial ?? board.identity.serial;
      return { device: Object.assign(board, { identity: { ...board.identity, serial } }), speed: 'full' };
    }
    case 'slow-board':
      return { device: new SlowBoard(wish.delayMs), speed: 'full' };
    case 'malformed':
      return { device: malformedDevice(wish.how), speed: 'full' };
  }
}

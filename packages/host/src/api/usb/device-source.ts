import type { z } from 'zod';
import type {
  borrowableDevices,
  controlTransfer,
  endpointTransfer,
  transferred,
  usbDescriptors,
  usbProbe,
  usbUnitChoice,
} from './transfer-schema.ts';

export type UnitChoice = z.output<typeof usbUnitChoice>;
type ControlTransfer = z.output<typeof controlTransfer>;
export type EndpointTransfer = z.output<typeof endpointTransfer>;
type Transferred = z.output<typeof transferred>;
type Descriptors = z.output<typeof usbDescriptors>;

/** Whoever has USB devices for the operator's own programs: this host, or another one. */
export interface DeviceSource {
  devices(): Promise<z.output<typeof borrowableDevices>>;
  /** Opens the device, reads its descriptor and gives it back. */
  probe(unit: UnitChoice): Promise<z.output<typeof usbProbe>>;
  open(unit: UnitChoice): Promise<OpenedDevice>;
}

/** One device that is held. Its transfers reject with the codes of `usb.…`. */
export interface OpenedDevice {
  descriptors(): Promise<Descriptors>;
  control(transfer: ControlTransfer): Promise<Transferred>;
  bulk(transfer: EndpointTransfer): Promise<Transferred>;
  interrupt(transfer: EndpointTransfer): Promise<Transferred>;
  close(): Promise<void>;
}

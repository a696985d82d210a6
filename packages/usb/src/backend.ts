import type { UsbConfigChange, UsbControlRequest, UsbDeviceInfo, UsbDeviceQuery, UsbEndpointRequest, UsbRisk } from '@usher/protocol';

/** A device as a backend knows it. Ids are four lower-case hex digits. */
export interface UsbDeviceDescription extends UsbDeviceInfo {
  readonly busLocation: string;
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  /** `bDeviceClass` of the device descriptor; 0x09 is a hub. */
  readonly deviceClass: number;
  /** What lending it may do to its owner, as far as that can be told without opening it; the rules ask the opened device. */
  readonly risks?: readonly UsbRisk[];
  /** What else an operator may want to see; never anything secret. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Which unit to open; `busLocation` tells units apart that share ids and serial number. */
export interface UsbOpenQuery extends UsbDeviceQuery {
  readonly busLocation?: string | undefined;
}

export interface HotplugEvent {
  readonly kind: 'added' | 'removed';
  readonly device: UsbDeviceDescription;
}

/**
 * The port that an operating system (or a simulation) fills (U2.1). Every failure is coded:
 * `usb.not-found`, `usb.ambiguous`, `usb.no-permission`, `usb.device-busy`, `usb.device-gone`, `usb.stall`, `usb.timeout`,
 * `usb.cancelled`, `usb.closed`, `usb.unsupported`, `usb.transfer-failed`, `usb.backend-unavailable`.
 */
export interface UsbBackend {
  /** `sim`, `libusb` …: what status pages call it. */
  readonly name: string;
  list(): Promise<readonly UsbDeviceDescription[]>;
  /** Several units that fit are `usb.ambiguous`, with a message that lists them. */
  open(query: UsbOpenQuery): Promise<UsbDeviceHandle>;
  /** The function returned ends the subscription. */
  onHotplug(listener: (event: HotplugEvent) => void): () => void;
  /** Ends what the backend keeps running. Handles are their openers' to close first. */
  close(): Promise<void>;
}

/**
 * One opened device: nobody else gets it, and its kernel drivers still have it until {@link take}. A transfer fails with `usb.timeout` after its own `timeoutMs`, with `usb.cancelled` when the signal aborts,
 * with `usb.device-gone` when the device leaves, with `usb.closed` after {@link close}.
 */
export interface UsbDeviceHandle {
  /** As read from the opened device, not from a listing: what the ACL judges. */
  readonly device: UsbDeviceDescription;
  /** The active configuration descriptor with everything behind it, as the device sent it: it may be malformed. Empty where none is active. */
  readonly configuration: Uint8Array;
  /**
   * Takes the interfaces from whatever drives them now (U2.2). Before it only standard control requests to the device work: a keyboard goes on
   * typing while its owner is asked whether to lend it.
   */
  take(): Promise<void>;
  /** Has the operating system change what it keeps count of (rule U19); {@link configuration} may be another afterwards. */
  configure(change: UsbConfigChange, timeoutMs: number): Promise<void>;
  /** Bytes read for an IN request, no bytes for an OUT request. */
  control(request: UsbControlRequest, signal: AbortSignal): Promise<Uint8Array>;
  bulk(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array>;
  interrupt(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array>;
  /** Called once when the device is unplugged, also where it has left already. */
  onGone(listener: () => void): void;
  /** Ends pending transfers, gives the device back to its driver. May be called again. */
  close(): Promise<void>;
}

import type { UsbAuditEvent } from '@usher/protocol';
import type { UsbDeviceDescription } from './backend.ts';

/**
 * `reason`: what the viewer is told beyond "denied", where there is something to tell. `because`: what decided, for the audit; it may name what
 * the viewer must not learn.
 */
export type AccessDecision =
  | { readonly allow: true; readonly because?: string }
  | { readonly allow: false; readonly reason?: string; readonly because?: string };

/** A device as it was opened, and how its viewer waits for the answer. */
export interface OpenedDevice {
  readonly device: UsbDeviceDescription;
  /** As {@link UsbDeviceHandle.configuration}. */
  readonly configuration: Uint8Array;
  /** Whether the viewer speaks v2: one that doesn't gives an OPEN up after ten seconds (usb-wire §9). */
  readonly isPatient: boolean;
}

/** What one viewer may have, as the owner of the rules answers it (requirements U3.1–U3.4). */
export interface AccessPolicy {
  /** Whether any unit with these ids (and serial number) could be allowed. Where not, nothing about the device is told. */
  mayOpen(query: { readonly vendorId: string; readonly productId: string; readonly serial?: string | undefined }): boolean;
  /** Whether a listed device is shown: everything that isn't denied (U1.3). */
  shows(device: UsbDeviceDescription): boolean;
  /** The decision on a device that has been opened, prompts included. A failure to decide is a refusal. `signal` aborts when it is of no use any more. */
  decide(opened: OpenedDevice, signal: AbortSignal): Promise<AccessDecision>;
  /** Tells when what {@link shows} says may have changed; the function returned ends that. */
  onChange(listener: () => void): () => void;
}

/** One record, without the viewer: whoever writes it knows whose provider this is. Never a payload. */
export interface UsbAuditEntry {
  readonly event: UsbAuditEvent;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serial?: string | undefined;
  readonly claim?: number;
  readonly detail?: string;
}

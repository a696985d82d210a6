import type { UsbDeviceDescription } from './backend.ts';

/** `reason`: what the viewer is told beyond "denied", where there is something to tell. */
export type AccessDecision = { readonly allow: true } | { readonly allow: false; readonly reason?: string };

/** What one viewer may have, as the owner of the rules answers it (requirements U3.1–U3.4). */
export interface AccessPolicy {
  /** Whether any unit with these ids (and serial number) could be allowed. Where not, nothing about the device is told. */
  mayOpen(query: { readonly vendorId: string; readonly productId: string; readonly serial?: string | undefined }): boolean;
  /** Whether a listed device is shown: everything that isn't denied (U1.3). */
  shows(device: UsbDeviceDescription): boolean;
  /** The decision on a device that has been opened, prompts included. A failure to decide is a refusal. */
  decide(device: UsbDeviceDescription): Promise<AccessDecision>;
}

/** The events that are recorded (U3.5); their names are AutoControl's, `usb_resume_denied` is Usher's own. */
export type UsbAuditEvent =
  | 'usb_open_allowed'
  | 'usb_open_denied'
  | 'usb_open_rejected_max_claims'
  | 'usb_open_backend_error'
  | 'usb_resume'
  | 'usb_resume_denied'
  | 'usb_close'
  | 'usb_rate_limited';

/** One record, without the viewer: whoever writes it knows whose provider this is. Never a payload. */
export interface UsbAuditEntry {
  readonly event: UsbAuditEvent;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serial?: string | undefined;
  readonly claim?: number;
  readonly detail?: string;
}

import { type ProfileId, profileId } from './ids.ts';
import type { Reader } from './read.ts';

/** Why lending a device may hurt the person who lends it (design §5, usb-field §5); an operator is told by these words' texts. */
export const USB_RISKS = [
  'keyboard',
  'mouse',
  'input-device',
  'storage',
  'audio',
  'video',
  'smart-card',
  'security-key',
  'wireless',
  'unreadable-descriptors',
] as const;
export type UsbRisk = (typeof USB_RISKS)[number];

/** What of USB is recorded (U3.5). The first nine are AutoControl's names where it has one; the others are Usher's own. */
export const USB_AUDIT_EVENTS = [
  'usb_open_allowed',
  'usb_open_denied',
  'usb_open_rejected_max_claims',
  'usb_open_backend_error',
  'usb_resume',
  'usb_resume_denied',
  'usb_close',
  'usb_rate_limited',
  'usb_error',
  'usb_prompt',
  'usb_prompt_answered',
  'usb_revoked',
  'usb_device_gone',
  'usb_acl_add',
  'usb_acl_set',
  'usb_acl_remove',
  'usb_acl_default',
  'usb_acl_sign',
  'usb_acl_changed',
  'usb_acl_untrusted',
] as const;
export type UsbAuditEvent = (typeof USB_AUDIT_EVENTS)[number];

/** The viewer inside the agent that the API's `/usb/loopback` speaks through: no device's fingerprint, so nobody can be it (rule A8). */
export const LOOPBACK_VIEWER = 'loopback';

/** A device as a question or a record names it. */
export interface UsbSubject {
  /** Four lower-case hex digits. */
  readonly vendorId: string;
  readonly productId: string;
  readonly serial?: string;
}

/** The operator is asked whether a viewer may have a device (U3.3, rule A6). */
export interface UsbPrompt {
  readonly device: UsbSubject & { readonly manufacturer?: string; readonly product?: string; readonly busLocation: string };
  readonly risks: readonly UsbRisk[];
  /** Label of the rule that asks; empty where it has none, or where the device's class asks. */
  readonly rule: string;
  /** Fingerprint of the viewer's device, or {@link LOOPBACK_VIEWER}. */
  readonly viewer: string;
  readonly viewerName: string;
  readonly profile: ProfileId;
  /** From now on, in milliseconds; unanswered, the device is denied then. */
  readonly expiresMs: number;
}

/** One row for the host's audit (rule A7). Never a payload, never a token. */
export interface UsbAuditRow extends Partial<UsbSubject> {
  readonly event: UsbAuditEvent;
  /** Fingerprint of the viewer's device or {@link LOOPBACK_VIEWER}; absent where the operator did it, or nobody. */
  readonly viewer?: string;
  readonly viewerName?: string;
  readonly profile?: ProfileId;
  readonly claim?: number;
  /** Which rule decided, which code a failure had: words for whoever reads the audit. */
  readonly detail?: string;
}

/** A USB string descriptor holds 126 UTF-16 units. */
const STRING_MAX = 126;
const LOCATION_MAX = 64;
const LABEL_MAX = 256;
const NAME_MAX = 256;
const DETAIL_MAX = 512;
/** A minute: far longer than a question is open. */
const EXPIRES_MAX = 60_000;
const CLAIM_MAX = 0xfffe;

export function promptDocument({ device, risks, rule, viewer, viewerName, profile, expiresMs }: UsbPrompt) {
  const { busLocation, manufacturer, product } = device;
  return {
    device: {
      ...subjectDocument(device),
      manufacturer: manufacturer?.slice(0, STRING_MAX),
      product: product?.slice(0, STRING_MAX),
      bus_location: busLocation.slice(0, LOCATION_MAX),
    },
    risks: risks.map((risk) => ({ risk })),
    rule: rule.slice(0, LABEL_MAX),
    viewer,
    viewer_name: viewerName.slice(0, NAME_MAX),
    profile,
    expires_ms: expiresMs,
  };
}

export function readPrompt(body: Reader): UsbPrompt {
  const device = body.object('device');
  return {
    device: {
      vendorId: device.string('vendor_id', 4),
      productId: device.string('product_id', 4),
      ...optional('serial', device.optionalString('serial', STRING_MAX)),
      ...optional('manufacturer', device.optionalString('manufacturer', STRING_MAX)),
      ...optional('product', device.optionalString('product', STRING_MAX)),
      busLocation: device.string('bus_location', LOCATION_MAX),
    },
    risks: body.list('risks', USB_RISKS.length, (one) => one.word('risk', USB_RISKS)),
    rule: body.string('rule', LABEL_MAX),
    viewer: body.string('viewer', 64),
    viewerName: body.string('viewer_name', NAME_MAX),
    profile: profileId(body.string('profile', 64)),
    expiresMs: body.integer('expires_ms', 0, EXPIRES_MAX),
  };
}

export function auditDocument(row: UsbAuditRow) {
  const { event, viewer, viewerName, profile, claim, detail, vendorId, productId, serial } = row;
  return {
    event,
    ...{ viewer, viewer_name: viewerName?.slice(0, NAME_MAX), profile },
    ...{ vendor_id: vendorId, product_id: productId, serial: serial?.slice(0, STRING_MAX) },
    ...{ claim, detail: detail?.slice(0, DETAIL_MAX) },
  };
}

export function readAuditRow(body: Reader): UsbAuditRow {
  const profile = body.optionalString('profile', 64);
  return {
    event: body.word('event', USB_AUDIT_EVENTS),
    ...optional('viewer', body.optionalString('viewer', 64)),
    ...optional('viewerName', body.optionalString('viewer_name', NAME_MAX)),
    ...(profile === undefined ? {} : { profile: profileId(profile) }),
    ...optional('vendorId', body.optionalString('vendor_id', 4)),
    ...optional('productId', body.optionalString('product_id', 4)),
    ...optional('serial', body.optionalString('serial', STRING_MAX)),
    ...optional('claim', body.optionalInteger('claim', 1, CLAIM_MAX)),
    ...optional('detail', body.optionalString('detail', DETAIL_MAX)),
  };
}

function subjectDocument({ vendorId, productId, serial }: UsbSubject) {
  return { vendor_id: vendorId, product_id: productId, serial: serial?.slice(0, STRING_MAX) };
}

/** A field that is there, or no field. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }; // TypeScript widens a computed name
}

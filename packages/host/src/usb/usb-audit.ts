import type { AuditPrincipal, AuditRecord } from '@usher/domain';
import { LOOPBACK_VIEWER, type UsbAuditEvent, type UsbAuditRow } from '@usher/protocol';

/** What the operator did, whoever's viewer it concerns. */
const OPERATORS: ReadonlySet<UsbAuditEvent> = new Set([
  'usb_prompt_answered',
  'usb_acl_add',
  'usb_acl_set',
  'usb_acl_remove',
  'usb_acl_default',
  'usb_acl_sign',
]);

/**
 * A row of the agent (rule A7) as the host's audit keeps it (U3.5): with viewer and profile, in the audit's own spelling of names. Nothing
 * but the row's own words gets in, so no payload can.
 */
export function auditRecordOf(row: UsbAuditRow): AuditRecord {
  const { event, viewer, viewerName, profile, vendorId, productId, serial, claim, detail } = row;
  const fields = {
    ...(vendorId === undefined || productId === undefined ? {} : { device: `${vendorId}:${productId}` }),
    ...(serial === undefined ? {} : { serial }),
    ...(claim === undefined ? {} : { claim }),
    ...(viewer === undefined ? {} : { viewer }),
    ...(viewerName === undefined ? {} : { viewer_name: viewerName }),
    ...(detail === undefined ? {} : { detail }),
  };
  return {
    event: event.replace('_', '.').replaceAll('_', '-'),
    principal: principalOf(event, viewer),
    ...(profile === undefined ? {} : { profile }),
    fields,
  };
}

/** `usb_acl_changed` and `usb_acl_untrusted` were seen on the disk, and whose hand it was is not known. */
function principalOf(event: UsbAuditEvent, viewer: string | undefined): AuditPrincipal {
  if (OPERATORS.has(event) || viewer === LOOPBACK_VIEWER) return 'operator';
  return viewer === undefined ? 'host' : `device:${viewer}`;
}

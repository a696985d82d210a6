import type { UsbAuditRow } from '@usher/protocol';
import type { UsbAuditEntry } from '@usher/usb';
import type { AclStore } from './acl-store.ts';

/** An entry of the engine as a row of the audit (rule A7): what it doesn't know stays out. */
export function entryRow({ serial, vendorId, productId, ...rest }: UsbAuditEntry): UsbAuditRow {
  return {
    ...rest,
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(productId === undefined ? {} : { productId }),
    ...(serial === undefined ? {} : { serial }),
  };
}

/** Records what happened to the rules' file behind the agent's back; what went through the agent is recorded where it was asked. */
export function recordRules(store: AclStore, audit: (row: UsbAuditRow) => void): void {
  store.onChange((origin) => {
    if (origin === 'agent') return;
    const { acl, integrity } = store;
    if (integrity.ok) audit({ event: 'usb_acl_changed', detail: `default ${acl.default}, ${acl.rules.length} rules` });
    else audit({ event: 'usb_acl_untrusted', ...(integrity.problem === undefined ? {} : { detail: integrity.problem }) });
  });
}

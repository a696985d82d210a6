import type { UsbAcl, UsbAclRule, UsbDevice, UsbUnitInput } from '@usher/sdk/api';

/** What the rules say about one device; `undefined` where none names it. */
export type Word = 'deny' | 'ask' | 'allow';

/** A device that can be named by a rule. */
export interface NamedDevice extends UsbDevice {
  readonly vendor_id: string;
  readonly product_id: string;
}

/** What has no ids can't be lent: its backend could not read it. */
export function isNamed(device: UsbDevice): device is NamedDevice {
  return device.vendor_id !== null && device.product_id !== null;
}

export function wordOf({ allow, prompt_on_open }: Pick<UsbAclRule, 'allow' | 'prompt_on_open'>): Word {
  if (!allow) return 'deny';
  return prompt_on_open ? 'ask' : 'allow';
}

/** The first rule that names this device, whoever it is for. The host decides; this only shows where its answer comes from. */
export function ruleFor(acl: UsbAcl, device: NamedDevice): UsbAclRule | undefined {
  return acl.rules.find(
    (rule) =>
      rule.vendor_id === device.vendor_id &&
      rule.product_id === device.product_id &&
      (rule.serial === undefined || rule.serial === null || rule.serial === device.serial),
  );
}

/** This very unit, where it can be told from others of its kind. */
export function unitOf({
  vendor_id,
  product_id,
  serial,
}: Pick<NamedDevice, 'vendor_id' | 'product_id'> & { serial?: string | null }): UsbUnitInput {
  return { vendor_id, product_id, ...(serial === undefined || serial === null || serial === '' ? {} : { serial }) };
}

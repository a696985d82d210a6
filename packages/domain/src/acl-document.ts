import { CodedError, profileId, Reader } from '@usher/protocol';
import { type Acl, type AclRule, usbId } from './acl.ts';

const VERSION = 1;
/** Rules in one file: far more than a person maintains, few enough to walk on every OPEN. */
export const ACL_RULES_MAX = 1000;
/** A USB string descriptor holds 126 UTF-16 units. */
const SERIAL_MAX = 126;
const LABEL_MAX = 256;

/** `usb_acl.json` as AutoControl spells it (usb-wire §10.1): indent 2, text as it is, no newline at the end. `profile` is Usher's own. */
export function formatAcl(acl: Acl): string {
  return JSON.stringify({ version: VERSION, default: acl.default, rules: acl.rules.map(ruleDocument) }, null, 2);
}

/** One rule under the names that the file and the API use. */
export function ruleDocument(rule: AclRule) {
  return {
    vendor_id: rule.vendorId,
    product_id: rule.productId,
    serial: rule.serial ?? null,
    label: rule.label,
    allow: rule.allow,
    prompt_on_open: rule.promptOnOpen,
    ...(rule.profile === undefined ? {} : { profile: rule.profile }),
  };
}

/**
 * Reads the file's text. Anything that isn't understood refuses the whole file: a rule that is skipped may have been the one that
 * denied. `store.newer-version` for a version that isn't ours, `message.malformed` for the rest.
 */
export function parseAcl(text: string | Uint8Array): Acl {
  const body = Reader.json(text, 'acl');
  if (body.raw('version') !== VERSION) throw new CodedError('store.newer-version', `acl.version: only version ${VERSION} is understood`);
  return {
    default: body.raw('default') === 'allow' ? 'allow' : 'deny',
    rules: body.has('rules') ? body.list('rules', ACL_RULES_MAX, readAclRule) : [],
  };
}

/** One rule from the file or the API; what is left out has AutoControl's defaults. */
export function readAclRule(body: Reader): AclRule {
  const profile = body.optionalString('profile', 64);
  return {
    ...readAclTarget(body),
    label: body.optionalString('label', LABEL_MAX) ?? '',
    allow: body.optionalBoolean('allow') ?? true,
    promptOnOpen: body.optionalBoolean('prompt_on_open') ?? false,
    profile: profile === undefined ? undefined : profileId(profile),
  };
}

/** What a rule is about: ids in their one spelling, and the serial number if there is one. */
export function readAclTarget(body: Reader): {
  readonly vendorId: string;
  readonly productId: string;
  readonly serial: string | undefined;
} {
  return {
    vendorId: usbId(body.string('vendor_id', 16)),
    productId: usbId(body.string('product_id', 16)),
    serial: body.optionalString('serial', SERIAL_MAX),
  };
}

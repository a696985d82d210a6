import { CodedError, type ProfileId, type UsbRisk } from '@usher/protocol';

/** `bDeviceClass` of a hub: never lent, whatever the rules say (usb-field §5: a hub is every device behind it). */
const HUB_CLASS = 0x09;

/** Who may claim which USB device: the rules in order, and what happens where none matches (U3.1). */
export interface Acl {
  readonly default: 'allow' | 'deny';
  readonly rules: readonly AclRule[];
}

export interface AclRule {
  /** Four lower-case hex digits. */
  readonly vendorId: string;
  readonly productId: string;
  /** Undefined matches every unit. Compared exactly. */
  readonly serial: string | undefined;
  readonly label: string;
  readonly allow: boolean;
  readonly promptOnOpen: boolean;
  /** Undefined is a rule for everybody (U3.4). */
  readonly profile: ProfileId | undefined;
}

/** A device as it was opened, and whose viewer wants it. */
export interface AclSubject {
  readonly vendorId: string;
  readonly productId: string;
  readonly serial: string | undefined;
  readonly deviceClass: number;
  readonly profile: ProfileId;
  /** Why it is asked about where no rule names it; none while only a listing knows the device. */
  readonly risks?: readonly UsbRisk[];
}

/** What was decided, and by what: an operator whose rule seems to be ignored finds the one that came first. */
export interface AclDecision {
  readonly outcome: 'allow' | 'deny' | 'prompt';
  readonly because:
    | { readonly kind: 'rule'; readonly index: number }
    | { readonly kind: 'default' }
    | { readonly kind: 'class'; readonly risks: readonly UsbRisk[] }
    | { readonly kind: 'hub' };
}

/** Refuses everything: what holds where no rules could be read. */
export const DENY_ALL: Acl = { default: 'deny', rules: [] };

/**
 * First match wins; a rule that denies does so even where it also says to prompt (usb-field §7, row 31). A rule names the device, so what it
 * allows the operator has looked at; the default names nothing, and doesn't give out what may do harm without a question (design §5).
 */
export function decideAcl(acl: Acl, subject: AclSubject): AclDecision {
  if (subject.deviceClass === HUB_CLASS) return { outcome: 'deny', because: { kind: 'hub' } };
  const index = acl.rules.findIndex((rule) => concerns(rule, subject) && (rule.serial === undefined || rule.serial === subject.serial));
  const rule = acl.rules[index];
  if (rule !== undefined) return { outcome: outcomeOf(rule), because: { kind: 'rule', index } };
  const { risks = [] } = subject;
  if (acl.default === 'allow' && risks.length > 0) return { outcome: 'prompt', because: { kind: 'class', risks } };
  return { outcome: acl.default, because: { kind: 'default' } };
}

/**
 * Whether any unit with these ids could be claimed by this profile. Where not, an OPEN is refused before the device is touched,
 * and with the same words whether it is plugged in or not.
 */
export function couldBeAllowed(
  acl: Acl,
  query: { readonly vendorId: string; readonly productId: string; readonly serial?: string | undefined; readonly profile: ProfileId },
): boolean {
  const concerning = { ...acl, rules: acl.rules.filter((rule) => concerns(rule, query)) };
  // A unit that no rule names is judged like one without a serial number.
  const units = query.serial === undefined ? [undefined, ...concerning.rules.map((rule) => rule.serial)] : [query.serial];
  return units.some((serial) => decideAcl(concerning, { ...query, serial, deviceClass: 0 }).outcome !== 'deny');
}

/** The ACL with one more rule at its end; an equal rule isn't added twice. */
export function withRule(acl: Acl, rule: AclRule): Acl {
  return acl.rules.some((other) => sameRule(other, rule)) ? acl : { ...acl, rules: [...acl.rules, rule] };
}

/**
 * The operator's word on a device: it takes the place of the rules for the same unit (a word for one profile: of that profile's), and stands
 * where it is heeded. A refusal comes before all rules for these ids; a permission comes after those for single units, so that an exception
 * which was made for one of them still holds.
 */
export function withWord(acl: Acl, word: AclRule): Acl {
  const others = acl.rules.filter((rule) => !isSaidAnew(rule, word));
  const index = others.findIndex(
    (rule) => isSameProduct(rule, word) && (!word.allow || rule.serial === undefined || rule.serial === word.serial),
  );
  return { ...acl, rules: others.toSpliced(index === -1 ? others.length : index, 0, word) };
}

/**
 * An answer that the operator wants to be remembered, as a rule for this very unit and profile: in front of the rule that asked, which is
 * thereby reached only by other units, or in its place where it says the same (AutoControl appends it, where it is never reached:
 * usb-wire §11). Where a device's class asked there is no such rule, and the answer goes to the end.
 */
export function withAnswer(acl: Acl, subject: AclSubject, allow: boolean): Acl {
  const { because } = decideAcl(acl, subject);
  const asked = because.kind === 'rule' ? acl.rules[because.index] : undefined;
  const { vendorId, productId, serial, profile } = subject;
  const answer: AclRule = { vendorId, productId, serial, label: asked?.label ?? '', allow, promptOnOpen: false, profile };
  if (because.kind !== 'rule' || asked === undefined) return withRule(acl, answer);
  const isSame = asked.serial === serial && asked.profile === profile;
  return { ...acl, rules: acl.rules.toSpliced(because.index, isSame ? 1 : 0, answer) };
}

/** The ACL without the rules for exactly these ids and this serial number: no serial number means rules without one. */
export function withoutRules(
  acl: Acl,
  which: { readonly vendorId: string; readonly productId: string; readonly serial: string | undefined },
): Acl {
  const rules = acl.rules.filter(
    (rule) => rule.vendorId !== which.vendorId || rule.productId !== which.productId || rule.serial !== which.serial,
  );
  return { ...acl, rules };
}

/**
 * A vendor or product id in its one spelling, four lower-case hex digits. `0x1050`, `01050` and ` 1050` are the same id, so that a
 * rule can't be missed by writing an id in another way (usb-field §7, row 29); anything but ASCII hex is refused.
 */
export function usbId(text: string): string {
  const digits = /^\s*(?:0x)?0*([0-9a-f]{1,4})\s*$/i.exec(text)?.[1];
  if (digits === undefined) throw new CodedError('message.malformed', 'a USB id is up to four hex digits');
  return digits.toLowerCase().padStart(4, '0');
}

function concerns(rule: AclRule, who: { readonly vendorId: string; readonly productId: string; readonly profile: ProfileId }): boolean {
  if (rule.profile !== undefined && rule.profile !== who.profile) return false;
  return rule.vendorId === who.vendorId && rule.productId === who.productId;
}

function isSameProduct(one: AclRule, other: AclRule): boolean {
  return one.vendorId === other.vendorId && one.productId === other.productId;
}

/** A word for everybody speaks for every profile. */
function isSaidAnew(rule: AclRule, word: AclRule): boolean {
  return isSameProduct(rule, word) && rule.serial === word.serial && (word.profile === undefined || rule.profile === word.profile);
}

function outcomeOf(rule: AclRule): AclDecision['outcome'] {
  if (!rule.allow) return 'deny';
  return rule.promptOnOpen ? 'prompt' : 'allow';
}

function sameRule(one: AclRule, other: AclRule): boolean {
  return (
    isSameProduct(one, other) &&
    one.serial === other.serial &&
    one.profile === other.profile &&
    one.label === other.label &&
    one.allow === other.allow &&
    one.promptOnOpen === other.promptOnOpen
  );
}

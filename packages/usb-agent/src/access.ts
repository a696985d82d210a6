import { type AclDecision, type AclSubject, couldBeAllowed, decideAcl, withAnswer } from '@usher/domain';
import { LOOPBACK_VIEWER, type ProfileId, toWire, type UsbAuditRow, type UsbRisk, type UsbSubject } from '@usher/protocol';
import { type AccessDecision, type AccessPolicy, type OpenedDevice, UsbClass, type UsbDeviceDescription } from '@usher/usb';
import type { AclStore } from './acl-store.ts';
import type { Prompts } from './prompts.ts';
import { interfacesOf, risksOf } from './risks.ts';

/** Whose wish is judged. */
export interface Applicant {
  /** Fingerprint of the viewer's device, or {@link LOOPBACK_VIEWER}. */
  readonly viewer: string;
  readonly viewerName: string;
  readonly profile: ProfileId;
}

export interface AccessOptions {
  readonly store: AclStore;
  readonly applicant: Applicant;
  /** Whom to ask; undefined where nobody can be, and then a rule that asks denies. */
  readonly prompts?: Prompts;
  readonly audit: (row: UsbAuditRow) => void;
}

/** The rules as they concern one viewer. They are looked up anew each time: an edit counts at once. */
export function accessOf(options: AccessOptions): AccessPolicy {
  const { store, applicant } = options;
  const { profile } = applicant;
  return {
    mayOpen(query) {
      const may = couldBeAllowed(store.acl, { ...query, profile });
      // Where nobody watches the file, a rule that was just added counts at the next try.
      if (!may) void store.refresh();
      return may;
    },
    shows: (device) => decideAcl(store.acl, { ...device, profile }).outcome !== 'deny',
    onChange: (listener) => store.onChange(listener),
    async decide(opened, signal) {
      await store.refresh(); // a device is given out by the rules as they are now, not as they were when somebody last looked (U3.2)
      const subject = subjectOf(opened, options);
      const decision = decideAcl(store.acl, subject);
      if (decision.outcome === 'prompt') return ask(options, { opened, subject, decision }, signal);
      return { allow: decision.outcome === 'allow', because: reasonOf(decision, store) };
    },
  };
}

/** Judged by what the device itself says (design §5), every interface of it. */
function subjectOf(
  { device, configuration }: OpenedDevice,
  { store, applicant, prompts }: AccessOptions,
): AclSubject & { readonly risks: readonly UsbRisk[] } {
  const isHub = interfacesOf(configuration)?.some((one) => one.interfaceClass === UsbClass.Hub) === true;
  // Nothing is at stake with devices that are simulated and have no rules yet; and where nobody can be asked (`usher usb stdio`), whoever
  // started this with its rules is the person who would be.
  const asksByClass = store.hasFile && prompts !== undefined;
  return {
    ...device,
    profile: applicant.profile,
    deviceClass: isHub ? UsbClass.Hub : device.deviceClass,
    risks: asksByClass ? risksOf(device, configuration) : [],
  };
}

interface Asked {
  readonly opened: OpenedDevice;
  readonly subject: AclSubject & { readonly risks: readonly UsbRisk[] };
  readonly decision: AclDecision;
}

/** No one to ask, no answer in time and anything that goes wrong is a denial (U3.3). */
async function ask({ store, applicant, prompts, audit }: AccessOptions, asked: Asked, signal: AbortSignal): Promise<AccessDecision> {
  const { opened, subject, decision } = asked;
  const because = reasonOf(decision, store);
  if (prompts === undefined) return { allow: false, reason: 'the operator has to be asked, and nobody can be', because };

  const device = { ...questionSubject(opened.device), busLocation: opened.device.busLocation };
  const record = (event: UsbAuditRow['event'], detail: string) => audit({ event, ...applicant, ...questionSubject(subject), detail });
  record('usb_prompt', because);
  const { allow, remember, end } = await prompts.ask(
    {
      device: { ...device, ...namesOf(opened.device) },
      risks: risksOf(opened.device, opened.configuration),
      rule: labelOf(decision, store),
      ...applicant,
      isPatient: opened.isPatient,
    },
    signal,
  );
  record('usb_prompt_answered', end === 'answered' ? `${allow ? 'allowed' : 'denied'}${remember ? ', remembered' : ''}` : end);
  if (end !== 'answered') return { allow: false, reason: WORDS[end], because: `${because}; ${end}` };
  if (remember) await rememberAnswer({ store, audit }, subject, allow);
  // The rules may have changed while the question was open: what denies now, denies.
  const stillDenied = decideAcl(store.acl, subject).outcome === 'deny' && allow;
  if (stillDenied) return { allow: false, because: 'the rules changed while the operator was asked' };
  return allow
    ? { allow, because: `${because}; the operator allowed it` }
    : { allow, reason: 'the operator said no', because: `${because}; denied` };
}

const WORDS = {
  expired: 'the operator was asked, and did not answer in time',
  'viewer-left': 'the viewer left while the operator was asked',
  'device-gone': 'the device left while the operator was asked',
  'too-many': 'too many questions wait for the operator',
} as const;

/** An answer that can't be kept still counts this once; the operator finds out by being asked again, and from the log. */
async function rememberAnswer(
  { store, audit }: Pick<AccessOptions, 'store' | 'audit'>,
  subject: AclSubject,
  allow: boolean,
): Promise<void> {
  const row = { event: 'usb_acl_add', ...questionSubject(subject), profile: subject.profile } as const;
  try {
    await store.change((acl) => withAnswer(acl, subject, allow));
    audit({ ...row, detail: `${allow ? 'allow' : 'deny'}, from an answer` });
  } catch (error) {
    audit({ ...row, detail: `an answer could not be kept: ${toWire(error).message}` });
  }
}

function labelOf({ because }: AclDecision, store: AclStore): string {
  return because.kind === 'rule' ? (store.acl.rules[because.index]?.label ?? '') : '';
}

/** What decided, in words for the audit: rules are counted from 1, as `usher usb acl` shows them. */
function reasonOf(decision: AclDecision, store: AclStore): string {
  const { because } = decision;
  switch (because.kind) {
    case 'rule': {
      const label = labelOf(decision, store);
      return `rule ${because.index + 1}${label === '' ? '' : ` (${label})`}`;
    }
    case 'class':
      return `the device’s class: ${because.risks.join(', ')}`;
    case 'default':
      return 'the default';
    case 'hub':
      return 'a hub is never lent';
  }
}

function questionSubject({
  vendorId,
  productId,
  serial,
}: {
  readonly vendorId: string;
  readonly productId: string;
  readonly serial: string | undefined;
}): UsbSubject {
  return { vendorId, productId, ...(serial === undefined ? {} : { serial }) };
}

function namesOf({ manufacturer, product }: UsbDeviceDescription) {
  return { ...(manufacturer === undefined ? {} : { manufacturer }), ...(product === undefined ? {} : { product }) };
}

/** Whose loopback it is: the operator's own, through the API (rule A8). */
export const LOOPBACK_APPLICANT = { viewer: LOOPBACK_VIEWER, viewerName: 'this machine' } as const;

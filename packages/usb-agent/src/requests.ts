import { readAclRule, readAclTarget, ruleDocument, withoutRules, withRule, withWord } from '@usher/domain';
import { type AgentMethod, CodedError, Reader, toWire, type UsbAuditRow } from '@usher/protocol';
import type { ClaimTable, UsbBackend, UsbDeviceDescription } from '@usher/usb';
import type { AclStore } from './acl-store.ts';
import type { HotplugLog, NumberedEvent } from './hotplug-log.ts';
import { answerLoopback, isLoopback } from './loopback/loopback-requests.ts';
import type { LoopbackViewer } from './loopback/loopback-viewer.ts';
import type { Prompts } from './prompts.ts';
import { claimDocument, type LinkStatistics, linkDocument } from './statistics.ts';

export interface RequestContext {
  readonly backend: UsbBackend;
  readonly store: AclStore;
  readonly hotplug: HotplugLog;
  readonly claims: ClaimTable;
  readonly prompts: Prompts;
  readonly loopback: LoopbackViewer;
  readonly links: () => readonly LinkStatistics[];
  readonly audit: (row: UsbAuditRow) => void;
}

/** What the console, the CLI and the API ask (usb-wire §14, §15.1); results and parameters in their snake_case. */
export async function answerRequest(context: RequestContext, method: AgentMethod, params: unknown): Promise<unknown> {
  const body = Reader.of(params ?? {}, method);
  if (isLoopback(method)) return answerLoopback(context.loopback, method, body);
  switch (method) {
    case 'devices':
      return enumerate(context.backend);
    case 'events':
      return recentEvents(context.hotplug, body);
    case 'acl.get':
      return describeAcl(context.store);
    case 'acl.add':
      return addRule(context, 'usb_acl_add', withRule, body);
    case 'acl.set':
      return addRule(context, 'usb_acl_set', withWord, body);
    case 'acl.remove':
      return removeRule(context, body);
    case 'acl.default':
      return setDefault(context, body);
    case 'acl.sign':
      return signRules(context);
    case 'stats':
      return statistics(context);
    case 'claims.end':
      return endClaim(context, body);
    default:
      method satisfies never;
      throw new CodedError('message.unexpected', 'no such method');
  }
}

export function eventDocument({ seq, event }: NumberedEvent) {
  return { seq, kind: event.kind, device: deviceDocument(event.device) };
}

/** A listing that fails is an answer, too: it says so in `error`. */
async function enumerate(backend: UsbBackend) {
  try {
    const devices = (await backend.list()).map(deviceDocument);
    return { backend: backend.name, error: null, devices, count: devices.length };
  } catch (error) {
    return { backend: backend.name, error: toWire(error).message, devices: [], count: 0 };
  }
}

function recentEvents(hotplug: HotplugLog, body: Reader) {
  const since = body.optionalInteger('since', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const limit = body.optionalInteger('limit', 1, Number.MAX_SAFE_INTEGER);
  const events = hotplug.after(since, limit).map(eventDocument);
  return { events, count: events.length, watcher_running: true, last_seq: hotplug.lastSeq };
}

async function describeAcl(store: AclStore) {
  await store.refresh();
  const { acl, integrity } = store;
  const { ok, ...why } = integrity;
  return { default: acl.default, integrity_ok: ok, rules: acl.rules.map(ruleDocument), ...why };
}

async function addRule({ store, audit }: RequestContext, event: UsbAuditRow['event'], add: typeof withRule, body: Reader) {
  const rule = readAclRule(body);
  const acl = await store.change((current) => add(current, rule));
  const { label, allow, promptOnOpen, profile } = rule;
  const words = promptOnOpen && allow ? 'ask' : allow ? 'allow' : 'deny';
  audit({
    event,
    ...targetOf(rule),
    detail: [words, ...(profile === undefined ? [] : [`profile ${profile}`]), ...(label === '' ? [] : [label])].join(', '),
  });
  return { added: true, rules: acl.rules.length };
}

async function removeRule({ store, audit }: RequestContext, body: Reader) {
  const target = readAclTarget(body);
  let before = 0;
  const acl = await store.change((current) => {
    before = current.rules.length;
    return withoutRules(current, target);
  });
  if (acl.rules.length < before) audit({ event: 'usb_acl_remove', ...targetOf(target) });
  return { removed: acl.rules.length < before };
}

async function setDefault({ store, audit }: RequestContext, body: Reader) {
  const policy = body.word('policy', ['allow', 'deny']);
  const acl = await store.change((current) => ({ ...current, default: policy }));
  audit({ event: 'usb_acl_default', detail: policy });
  return { default: acl.default };
}

async function signRules({ store, audit }: RequestContext) {
  await store.sign();
  audit({ event: 'usb_acl_sign', detail: `default ${store.acl.default}, ${store.acl.rules.length} rules` });
  return { signed: true, rules: store.acl.rules.length };
}

function statistics({ claims, links, prompts }: RequestContext) {
  return { links: links().map(linkDocument), claims: claims.all().map(claimDocument), prompts: prompts.count };
}

/** The operator takes a device back (U1.7): the viewer is told, and may ask again. */
async function endClaim({ claims }: RequestContext, body: Reader) {
  const number = body.integer('claim', 1, 0xfffe);
  const claim = claims.all().find(({ id }) => id === number);
  if (claim === undefined) return { ended: false };
  await claims.revoke(claim, new CodedError('usb.denied', 'the operator took the device back'));
  return { ended: true };
}

function targetOf({ vendorId, productId, serial }: ReturnType<typeof readAclTarget>) {
  return { vendorId, productId, ...(serial === undefined ? {} : { serial }) };
}

function deviceDocument(device: UsbDeviceDescription) {
  return {
    vendor_id: device.vendorId,
    product_id: device.productId,
    manufacturer: device.manufacturer ?? null,
    product: device.product ?? null,
    serial: device.serial ?? null,
    bus_location: device.busLocation,
    risks: device.risks ?? [],
    extra: device.extra,
  };
}

import { readAclRule, readAclTarget, ruleDocument, withoutRules, withRule } from '@usher/domain';
import { type AgentMethod, CodedError, Reader, toWire } from '@usher/protocol';
import type { UsbBackend, UsbDeviceDescription } from '@usher/usb';
import type { AclStore } from './acl-store.ts';
import type { HotplugLog, NumberedEvent } from './hotplug-log.ts';

export interface RequestContext {
  readonly backend: UsbBackend;
  readonly store: AclStore;
  readonly hotplug: HotplugLog;
}

/** What the console, the CLI and the API ask (usb-wire §14, §15.1); results and parameters in their snake_case. */
export async function answerRequest(context: RequestContext, method: AgentMethod, params: unknown): Promise<unknown> {
  const body = Reader.of(params ?? {}, method);
  switch (method) {
    case 'devices':
      return enumerate(context.backend);
    case 'events':
      return recentEvents(context.hotplug, body);
    case 'acl.get':
      return describeAcl(context.store);
    case 'acl.add':
      return addRule(context.store, body);
    case 'acl.remove':
      return removeRule(context.store, body);
    case 'acl.default':
      return setDefault(context.store, body);
    case 'acl.sign':
      return signRules(context.store);
    default:
      throw new CodedError('usb.unsupported', `this agent doesn't answer ${method}`);
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
  const problem = integrity.problem === undefined ? {} : { problem: integrity.problem };
  return { default: acl.default, integrity_ok: integrity.ok, rules: acl.rules.map(ruleDocument), ...problem };
}

async function addRule(store: AclStore, body: Reader) {
  const rule = readAclRule(body);
  const acl = await store.change((current) => withRule(current, rule));
  return { added: true, rules: acl.rules.length };
}

async function removeRule(store: AclStore, body: Reader) {
  const target = readAclTarget(body);
  let before = 0;
  const acl = await store.change((current) => {
    before = current.rules.length;
    return withoutRules(current, target);
  });
  return { removed: acl.rules.length < before };
}

async function setDefault(store: AclStore, body: Reader) {
  const policy = body.word('policy', ['allow', 'deny']);
  const acl = await store.change((current) => ({ ...current, default: policy }));
  return { default: acl.default };
}

async function signRules(store: AclStore) {
  await store.sign();
  return { signed: true, rules: store.acl.rules.length };
}

function deviceDocument(device: UsbDeviceDescription) {
  return {
    vendor_id: device.vendorId,
    product_id: device.productId,
    manufacturer: device.manufacturer ?? null,
    product: device.product ?? null,
    serial: device.serial ?? null,
    bus_location: device.busLocation,
    extra: device.extra,
  };
}

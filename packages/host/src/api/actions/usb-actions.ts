import { z } from 'zod';
import type { UsbAgent } from '../../services.ts';
import {
  aclAdded,
  aclAddition,
  aclDefault,
  aclPolicy,
  aclRemoval,
  aclRemoved,
  passthrough,
  passthroughChange,
  usbAcl,
  usbDeviceList,
} from '../schema.ts';
import type { AgentQuestions } from '../usb/agent-questions.ts';
import type { LoopbackDevices } from '../usb/loopback-devices.ts';
import type { RemoteHosts } from '../usb/remote-hosts.ts';
import { borrowableDevices, usbProbe, usbUnitChoice } from '../usb/transfer-schema.ts';
import { usbEvents } from '../usb-schema.ts';
import { exportRules, importRules } from './acl-files.ts';
import { action } from './action.ts';

/** What the actions work on. */
export interface UsbActionContext {
  readonly usb: UsbAgent;
  readonly agent: AgentQuestions;
  readonly loopback: LoopbackDevices;
  readonly remotes: RemoteHosts;
  /** Where relative paths begin: the directory of whoever runs the action. */
  readonly directory: string;
}

const nothing = z.strictObject({});
const file = z.string().min(1).max(4096);
const watching = z.object({ running: z.boolean(), interval_s: z.number() });
const eventsAfter = z.strictObject({
  since: z.int().min(0).default(0).meta({ description: 'Only events with a higher `seq`' }),
  limit: z.int().min(1).nullable().default(null).meta({ description: 'At most so many, the newest' }),
});

/** Every action that AutoControl has for USB, under its names and with its parameters and answers (facts/usb-wire.md §15). */
export const USB_ACTIONS = [
  action({
    name: 'AC_list_usb_devices',
    summary: 'The USB devices of the host',
    readOnly: true,
    route: { method: 'GET', url: '/usb/devices', operationId: 'listUsbDevices' },
    input: nothing,
    output: usbDeviceList,
    perform: ({ agent }: UsbActionContext) => agent.ask('devices', {}, usbDeviceList),
  }),
  action({
    name: 'AC_usb_watch_start',
    summary: 'Watch for USB devices that come and go; the host always does while USB sharing is on',
    readOnly: true,
    input: z.strictObject({
      poll_interval_s: z.number().min(0).max(3600).default(2).meta({ description: 'Without effect: nothing is polled' }),
    }),
    output: watching,
    perform: ({ usb }: UsbActionContext, { poll_interval_s }) => ({ running: usb.enabled(), interval_s: poll_interval_s }),
  }),
  action({
    name: 'AC_usb_watch_stop',
    summary: 'Whether USB devices are watched; they are as long as USB sharing is on',
    readOnly: true,
    input: nothing,
    output: watching.pick({ running: true }),
    perform: ({ usb }: UsbActionContext) => ({ running: usb.enabled() }),
  }),
  action({
    name: 'AC_usb_recent_events',
    summary: 'USB devices that came and went, oldest first; the latest 500 are kept',
    readOnly: true,
    input: eventsAfter,
    output: usbEvents,
    perform: ({ agent }: UsbActionContext, { since, limit }) =>
      agent.ask('events', { since, ...(limit === null ? {} : { limit }) }, usbEvents),
    recorded: ({ events }) => events,
  }),
  action({
    name: 'AC_usb_passthrough_enable',
    summary: 'Turn USB sharing on or off until the host ends',
    readOnly: false,
    isTool: true,
    route: { method: 'POST', url: '/usb/passthrough/enable', operationId: 'setUsbPassthrough' },
    input: passthroughChange,
    output: passthrough,
    perform: ({ usb }: UsbActionContext, { enabled }) => {
      usb.setEnabled(enabled);
      return { enabled: usb.enabled() };
    },
  }),
  action({
    name: 'AC_usb_passthrough_status',
    summary: 'Whether USB devices are lent at all',
    readOnly: true,
    isTool: true,
    route: { method: 'GET', url: '/usb/passthrough/status', operationId: 'getUsbPassthrough' },
    input: nothing,
    output: passthrough,
    perform: ({ usb }: UsbActionContext) => ({ enabled: usb.enabled() }),
  }),
  action({
    name: 'AC_usb_acl_list',
    summary: 'The rules for which USB devices may be claimed; the first that matches wins',
    readOnly: true,
    isTool: true,
    route: { method: 'GET', url: '/usb/acl', operationId: 'getUsbAcl' },
    input: nothing,
    output: usbAcl,
    perform: ({ agent }: UsbActionContext) => agent.ask('acl.get', {}, usbAcl),
  }),
  action({
    name: 'AC_usb_acl_add',
    summary: 'Append a rule',
    readOnly: false,
    isTool: true,
    route: { method: 'POST', url: '/usb/acl/add', operationId: 'addUsbAclRule' },
    input: aclAddition,
    output: aclAdded,
    perform: ({ agent }: UsbActionContext, rule) => agent.ask('acl.add', rule, aclAdded),
  }),
  action({
    name: 'AC_usb_acl_remove',
    summary: 'Remove the rules for a device',
    readOnly: false,
    isTool: true,
    route: { method: 'POST', url: '/usb/acl/remove', operationId: 'removeUsbAclRule' },
    input: aclRemoval,
    output: aclRemoved,
    perform: ({ agent }: UsbActionContext, unit) => agent.ask('acl.remove', unit, aclRemoved),
  }),
  action({
    name: 'AC_usb_acl_set_default',
    summary: 'What holds for devices that no rule names',
    readOnly: false,
    isTool: true,
    route: { method: 'POST', url: '/usb/acl/default', operationId: 'setUsbAclDefault' },
    input: aclPolicy,
    output: aclDefault,
    perform: ({ agent }: UsbActionContext, policy) => agent.ask('acl.default', policy, aclDefault),
  }),
  action({
    name: 'AC_usb_acl_export',
    summary: 'Write the rules to a file, without their signature',
    right: 'here',
    readOnly: true,
    input: z.strictObject({ path: file }),
    output: z.object({ exported: z.literal(true), path: z.string() }),
    perform: ({ agent, directory }: UsbActionContext, { path }) => exportRules(agent, directory, path),
  }),
  action({
    name: 'AC_usb_acl_import',
    summary: 'Append the rules of a file, or put them in place of those that are',
    right: 'here',
    readOnly: false,
    input: z.strictObject({ path: file, replace: z.boolean().default(false) }),
    output: z.object({ imported: z.int().min(0) }),
    perform: ({ agent, directory }: UsbActionContext, { path, replace }) => importRules(agent, directory, path, replace),
  }),
  action({
    name: 'AC_usb_loopback_list',
    summary: "The host's devices that its own operator may use",
    readOnly: true,
    isTool: true,
    route: { method: 'GET', url: '/usb/loopback/devices', operationId: 'listUsbLoopback' },
    input: nothing,
    output: borrowableDevices,
    perform: ({ loopback }: UsbActionContext) => loopback.devices(),
  }),
  action({
    name: 'AC_usb_loopback_open',
    summary: 'Open a device of the host, read its descriptor, and give it back: the whole way works',
    readOnly: false,
    isTool: true,
    route: { method: 'POST', url: '/usb/loopback/open', operationId: 'probeUsbLoopback' },
    input: usbUnitChoice,
    output: usbProbe,
    perform: ({ loopback }: UsbActionContext, unit) => loopback.probe(unit),
  }),
  action({
    name: 'AC_usb_remote_list',
    summary: 'The devices of the other host that was connected last',
    readOnly: true,
    isTool: true,
    route: { method: 'GET', url: '/usb/remote/devices', operationId: 'listUsbRemote' },
    input: nothing,
    output: borrowableDevices,
    perform: ({ remotes }: UsbActionContext) => remotes.latest().devices(),
  }),
  action({
    name: 'AC_usb_remote_open',
    summary: 'Open a device of the other host, read its descriptor, and give it back',
    readOnly: false,
    isTool: true,
    route: { method: 'POST', url: '/usb/remote/open', operationId: 'probeUsbRemote' },
    input: usbUnitChoice,
    output: usbProbe,
    perform: ({ remotes }: UsbActionContext, unit) => remotes.latest().probe(unit),
  }),
];

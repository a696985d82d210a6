import { type AgentMethod, CodedError } from '@usher/protocol';
import type { z } from 'zod';
import type { Api, ApiParts } from '../parts.ts';
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
import { aclSigned, usbEvents, usbEventsQuery } from '../usb-schema.ts';

const access = 'bearer';
const tags = ['usb'];

/** The operator's side of USB (facts/usb-wire.md §15.1). The agent keeps devices and rules; the host passes on and checks what comes back. */
export function registerUsbRoutes(api: Api, { usb }: ApiParts): void {
  async function ask<Answer>(method: AgentMethod, params: unknown, answer: z.ZodType<Answer>): Promise<Answer> {
    if (!usb.enabled()) throw new CodedError('usb.disabled', 'USB sharing is off; turn it on first');
    const read = answer.safeParse(await usb.request(method, params));
    if (!read.success) throw new CodedError('usb.backend-unavailable', 'the usb-agent answered something else than was asked');
    return read.data;
  }

  api.get(
    '/usb/devices',
    {
      config: { access },
      schema: { operationId: 'listUsbDevices', summary: 'The USB devices of the host', tags, response: { 200: usbDeviceList } },
    },
    async () => ask('devices', {}, usbDeviceList),
  );

  api.get(
    '/usb/events',
    {
      config: { access },
      schema: {
        operationId: 'listUsbEvents',
        summary: 'USB devices that came and went, oldest first; the latest 500 are kept',
        tags,
        querystring: usbEventsQuery,
        response: { 200: usbEvents },
      },
    },
    async (request) => ask('events', request.query, usbEvents),
  );

  api.get(
    '/usb/passthrough/status',
    {
      config: { access },
      schema: { operationId: 'getUsbPassthrough', summary: 'Whether USB devices are lent at all', tags, response: { 200: passthrough } },
    },
    () => ({ enabled: usb.enabled() }),
  );

  api.post(
    '/usb/passthrough/enable',
    {
      config: { access },
      schema: {
        operationId: 'setUsbPassthrough',
        summary: 'Turn USB sharing on or off until the host ends',
        tags,
        body: passthroughChange,
        response: { 200: passthrough },
      },
    },
    (request) => {
      usb.setEnabled(request.body.enabled);
      return { enabled: usb.enabled() };
    },
  );

  api.get(
    '/usb/acl',
    {
      config: { access },
      schema: {
        operationId: 'getUsbAcl',
        summary: 'The rules for which devices may be claimed; the first that matches wins',
        tags,
        response: { 200: usbAcl },
      },
    },
    async () => ask('acl.get', {}, usbAcl),
  );

  api.post(
    '/usb/acl/add',
    {
      config: { access },
      schema: { operationId: 'addUsbAclRule', summary: 'Append a rule', tags, body: aclAddition, response: { 200: aclAdded } },
    },
    async (request) => ask('acl.add', request.body, aclAdded),
  );

  api.post(
    '/usb/acl/remove',
    {
      config: { access },
      schema: {
        operationId: 'removeUsbAclRule',
        summary: 'Remove the rules for a device',
        tags,
        body: aclRemoval,
        response: { 200: aclRemoved },
      },
    },
    async (request) => ask('acl.remove', request.body, aclRemoved),
  );

  api.post(
    '/usb/acl/default',
    {
      config: { access },
      schema: {
        operationId: 'setUsbAclDefault',
        summary: 'What holds where no rule matches',
        tags,
        body: aclPolicy,
        response: { 200: aclDefault },
      },
    },
    async (request) => ask('acl.default', request.body, aclDefault),
  );

  api.post(
    '/usb/acl/sign',
    {
      config: { access },
      schema: {
        operationId: 'signUsbAcl',
        summary: 'Stand by the rules as their file has them now, after it was edited by hand or restored',
        tags,
        response: { 200: aclSigned },
      },
    },
    async () => ask('acl.sign', {}, aclSigned),
  );
}

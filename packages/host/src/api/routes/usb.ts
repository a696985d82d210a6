import type { Api } from '../parts.ts';
import { aclAdded, aclAddition } from '../schema.ts';
import type { UsbDesk } from '../usb/usb-desk.ts';
import type { UsbStreams } from '../usb/usb-streams.ts';
import { aclSigned, usbEvents, usbEventsQuery } from '../usb-schema.ts';

const access = 'bearer';
const tags = ['usb'];

/** What of the operator's side of USB is no action (facts/usb-wire.md §15.1): hotplug as a list and as a stream, and the rules' signature. */
export function registerUsbRoutes(api: Api, { agent }: UsbDesk, streams: UsbStreams): void {
  api.get(
    '/usb/events',
    {
      config: { access },
      exposeHeadRoute: false, // a stream has no length to tell
      schema: {
        operationId: 'listUsbEvents',
        summary: 'USB devices that came and went, oldest first; the latest 500 are kept',
        description:
          'With `Accept: text/event-stream` the answer is a stream of what happens from then on: `device` (a UsbEvent), `prompt` (a UsbPrompt; ' +
          'those that are open come first), `prompt-closed` ({id, reason}), `sharing` ({enabled, running}). `Last-Event-ID` brings the devices ' +
          'that came and went since. It ends after fifteen minutes; whoever may still listen connects again.',
        tags,
        querystring: usbEventsQuery,
        response: { 200: usbEvents },
      },
    },
    async (request, reply) => {
      if (!streams.isWanted(request)) return agent.ask('events', request.query, usbEvents);
      await streams.open(request, reply);
      return reply;
    },
  );

  api.post(
    '/usb/acl/set',
    {
      config: { access },
      schema: {
        operationId: 'setUsbAclRule',
        summary: 'Say what holds for a device from now on, whatever rules came before',
        description: 'The rule replaces those for the same unit and profile, and is put where it is heeded; `add` appends to the list.',
        tags,
        body: aclAddition,
        response: { 200: aclAdded },
      },
    },
    async (request) => agent.ask('acl.set', request.body, aclAdded),
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
    async () => agent.ask('acl.sign', {}, aclSigned),
  );
}

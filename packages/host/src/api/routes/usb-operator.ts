import { CodedError } from '@usher/protocol';
import type { Api } from '../parts.ts';
import { noContent } from '../schema.ts';
import { promptDocument } from '../usb/prompt-document.ts';
import { claimPath, promptAnswer, promptPath, usbPrompts, usbStatistics } from '../usb/prompt-schema.ts';
import type { UsbDesk } from '../usb/usb-desk.ts';

const access = 'bearer';
const tags = ['usb'];

/** What the operator is asked about lent devices (U3.3), and what is seen and taken back of them (U5.5). */
export function registerUsbOperatorRoutes(api: Api, { usb, profiles, statistics }: UsbDesk): void {
  api.get(
    '/usb/prompts',
    {
      config: { access },
      schema: { operationId: 'listUsbPrompts', summary: 'Questions that wait for the operator', tags, response: { 200: usbPrompts } },
    },
    () => ({ prompts: usb.prompts().map((open) => promptDocument(open, profiles)) }),
  );

  api.post(
    '/usb/prompts/:id',
    {
      config: { access },
      schema: {
        operationId: 'answerUsbPrompt',
        summary: 'Lend the device, or not; the first answer counts',
        tags,
        params: promptPath,
        body: promptAnswer,
        response: { 204: noContent },
      },
    },
    (request, reply) => {
      if (!usb.answer(request.params.id, request.body)) {
        throw new CodedError('api.not-found', 'this question is over: it was answered, its time passed, or the viewer or the device left');
      }
      return reply.code(204).send();
    },
  );

  api.get(
    '/usb/statistics',
    {
      config: { access },
      schema: {
        operationId: 'getUsbStatistics',
        summary: 'Who moves how much through which device',
        tags,
        response: { 200: usbStatistics },
      },
    },
    () => statistics.now(),
  );

  api.delete(
    '/usb/claims/:claim',
    {
      config: { access },
      schema: { operationId: 'endUsbClaim', summary: 'Take a lent device back', tags, params: claimPath, response: { 204: noContent } },
    },
    async (request, reply) => {
      await statistics.end(request.params.claim);
      return reply.code(204).send();
    },
  );
}

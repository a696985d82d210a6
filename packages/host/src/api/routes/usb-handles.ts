import type { Api } from '../parts.ts';
import { noContent } from '../schema.ts';
import type { DeviceSource } from '../usb/device-source.ts';
import type { HeldDevices } from '../usb/held-devices.ts';
import {
  controlTransfer,
  endpointTransfer,
  handlePath,
  TRANSFER_BODY_MAX,
  transferred,
  usbDescriptors,
  usbHandle,
  usbHandles,
  usbUnitChoice,
} from '../usb/transfer-schema.ts';

const access = 'bearer';
const tags = ['usb'];

/** Where handles live, and how their operations are called. */
interface Place {
  readonly prefix: '/usb/loopback' | '/usb/remote';
  readonly name: 'Loopback' | 'Remote';
  readonly whose: string;
}

const LOOPBACK: Place = { prefix: '/usb/loopback', name: 'Loopback', whose: 'of this host' };
export const REMOTE: Place = { prefix: '/usb/remote', name: 'Remote', whose: 'of another host' };

/** A held device's descriptors, transfers and end: the same for this host's devices and for another's. */
export function registerHandleRoutes(api: Api, { prefix, name, whose }: Place, held: HeldDevices): void {
  api.get(
    `${prefix}/handles`,
    {
      config: { access },
      schema: { operationId: `listUsb${name}Handles`, summary: `Devices ${whose} that are held open`, tags, response: { 200: usbHandles } },
    },
    () => ({ handles: held.list() }),
  );

  api.get(
    `${prefix}/handles/:handle/descriptors`,
    {
      config: { access },
      schema: {
        operationId: `readUsb${name}Descriptors`,
        summary: 'What the device says of itself',
        tags,
        params: handlePath,
        response: { 200: usbDescriptors },
      },
    },
    (request) => held.use(request.params.handle, (device) => device.descriptors()),
  );

  api.post(
    `${prefix}/handles/:handle/control`,
    {
      config: { access },
      bodyLimit: TRANSFER_BODY_MAX,
      schema: {
        operationId: `transferUsb${name}Control`,
        summary: 'A control transfer',
        tags,
        params: handlePath,
        body: controlTransfer,
        response: { 200: transferred },
      },
    },
    (request) => held.use(request.params.handle, (device) => device.control(request.body)),
  );

  for (const kind of ['bulk', 'interrupt'] as const) {
    api.post(
      `${prefix}/handles/:handle/${kind}`,
      {
        config: { access },
        bodyLimit: TRANSFER_BODY_MAX,
        schema: {
          operationId: `transferUsb${name}${kind === 'bulk' ? 'Bulk' : 'Interrupt'}`,
          summary: kind === 'bulk' ? 'A bulk transfer' : 'An interrupt transfer',
          tags,
          params: handlePath,
          body: endpointTransfer,
          response: { 200: transferred },
        },
      },
      (request) => held.use(request.params.handle, (device) => device[kind](request.body)),
    );
  }

  api.delete(
    `${prefix}/handles/:handle`,
    {
      config: { access },
      schema: { operationId: `closeUsb${name}`, summary: 'Give the device back', tags, params: handlePath, response: { 204: noContent } },
    },
    async (request, reply) => {
      await held.close(request.params.handle);
      return reply.code(204).send();
    },
  );
}

/** This host's own devices in its operator's hands (U4.4). */
export function registerLoopbackRoutes(api: Api, source: DeviceSource, held: HeldDevices): void {
  api.post(
    '/usb/loopback/handles',
    {
      config: { access },
      schema: {
        operationId: 'openUsbLoopback',
        summary: 'Open a device of this host and hold it, by the same rules and questions as for every viewer',
        tags,
        body: usbUnitChoice,
        response: { 201: usbHandle },
      },
    },
    async (request, reply) => reply.code(201).send(await held.open(source, request.body)),
  );
  registerHandleRoutes(api, LOOPBACK, held);
}

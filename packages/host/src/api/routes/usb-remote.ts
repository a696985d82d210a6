import { CodedError } from '@usher/protocol';
import type { Api } from '../parts.ts';
import { noContent } from '../schema.ts';
import type { HeldDevices } from '../usb/held-devices.ts';
import type { RemoteHosts } from '../usb/remote-hosts.ts';
import { remoteAddress, remoteCertificate, remoteConnection, remoteHost, remoteHosts, remotePath } from '../usb/remote-schema.ts';
import { borrowableDevices, usbHandle, usbProbe, usbUnitChoice } from '../usb/transfer-schema.ts';
import { REMOTE, registerHandleRoutes } from './usb-handles.ts';

const access = 'bearer';
const tags = ['usb'];

/** Another host's devices, by its address, certificate and token (U5.5, *USB browser*). */
export function registerUsbRemoteRoutes(api: Api, remotes: RemoteHosts, held: HeldDevices): void {
  api.post(
    '/usb/remote/certificate',
    {
      config: { access },
      schema: {
        operationId: 'getUsbRemoteCertificate',
        summary: 'The certificate that another host shows, to be compared before its token goes there; no token is sent',
        tags,
        body: remoteAddress,
        response: { 200: remoteCertificate },
      },
    },
    (request) => remotes.certificate(request.body.address),
  );

  api.post(
    '/usb/remote/hosts',
    {
      config: { access },
      schema: {
        operationId: 'connectUsbRemote',
        summary: 'Connect to another host as its operator; forgotten after half an hour without use, and when this host ends',
        tags,
        body: remoteConnection,
        response: { 201: remoteHost },
      },
    },
    async (request, reply) => reply.code(201).send(await remotes.connect(request.body)),
  );

  api.get(
    '/usb/remote/hosts',
    {
      config: { access },
      schema: { operationId: 'listUsbRemoteHosts', summary: 'The other hosts that are connected', tags, response: { 200: remoteHosts } },
    },
    () => ({ hosts: [...remotes.list()] }),
  );

  api.delete(
    '/usb/remote/hosts/:id',
    {
      config: { access },
      schema: {
        operationId: 'disconnectUsbRemote',
        summary: 'Forget another host and its token',
        tags,
        params: remotePath,
        response: { 204: noContent },
      },
    },
    (request, reply) => {
      if (!remotes.end(request.params.id)) throw new CodedError('api.not-found', 'this host is not connected to that one, or not any more');
      return reply.code(204).send();
    },
  );

  api.get(
    '/usb/remote/hosts/:id/devices',
    {
      config: { access },
      schema: {
        operationId: 'listUsbRemoteDevices',
        summary: 'The devices of another host that its operator may use',
        tags,
        params: remotePath,
        response: { 200: borrowableDevices },
      },
    },
    (request) => remotes.get(request.params.id).devices(),
  );

  api.post(
    '/usb/remote/hosts/:id/open',
    {
      config: { access },
      schema: {
        operationId: 'probeUsbRemoteDevice',
        summary: 'Open a device of another host, read its descriptor, and give it back',
        tags,
        params: remotePath,
        body: usbUnitChoice,
        response: { 200: usbProbe },
      },
    },
    (request) => remotes.get(request.params.id).probe(request.body),
  );

  api.post(
    '/usb/remote/hosts/:id/handles',
    {
      config: { access },
      schema: {
        operationId: 'openUsbRemote',
        summary: 'Open a device of another host and hold it',
        tags,
        params: remotePath,
        body: usbUnitChoice,
        response: { 201: usbHandle },
      },
    },
    async (request, reply) => reply.code(201).send(await held.open(remotes.get(request.params.id), request.body)),
  );
  registerHandleRoutes(api, REMOTE, held);
}

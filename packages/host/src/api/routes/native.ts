import { CodedError, fingerprint, profileId } from '@usher/protocol';
import type { Api, ApiParts } from '../parts.ts';
import { approval, armedPin, clientList, clientPath, noContent, pairingStatus, pendingList, pendingPath } from '../schema.ts';

const access = 'bearer';
const tags = ['devices'];

/** Pairing by PIN, the paired devices, and those that wait for the operator's word (requirement P9.1). */
export function registerNativeRoutes(api: Api, parts: ApiParts): void {
  registerPairing(api, parts);
  registerClients(api, parts);
  registerPending(api, parts);
}

function registerPairing(api: Api, { pairing }: ApiParts): void {
  api.get(
    '/api/v1/native/pair',
    {
      config: { access },
      schema: { operationId: 'getPairing', summary: 'Whether a PIN is armed; never the PIN', tags, response: { 200: pairingStatus } },
    },
    () => {
      const expires = pairing.expiresUnix();
      return expires === undefined ? { armed: false } : { armed: true, expires_unix: expires };
    },
  );

  api.post(
    '/api/v1/native/pair/arm',
    {
      config: { access },
      schema: { operationId: 'armPairing', summary: 'Make a PIN: two minutes, one guess', tags, response: { 200: armedPin } },
    },
    () => {
      const { pin, expiresUnix } = pairing.arm();
      return { pin, expires_unix: expiresUnix };
    },
  );

  api.delete(
    '/api/v1/native/pair',
    { config: { access }, schema: { operationId: 'disarmPairing', summary: 'Take the PIN back', tags, response: { 204: noContent } } },
    (_request, reply) => {
      pairing.disarm();
      return reply.code(204).send();
    },
  );
}

function registerClients(api: Api, { paired, sessions }: ApiParts): void {
  api.get(
    '/api/v1/native/clients',
    { config: { access }, schema: { operationId: 'listClients', summary: 'The paired devices', tags, response: { 200: clientList } } },
    () => {
      const connected = new Set(sessions.list().map((session) => session.device));
      return {
        clients: paired.list().map((device) => ({
          fingerprint: device.fingerprint,
          name: device.name,
          paired_unix: device.pairedUnix,
          connected: connected.has(device.fingerprint),
        })),
      };
    },
  );

  api.delete(
    '/api/v1/native/clients/:fp',
    {
      config: { access },
      schema: {
        operationId: 'removeClient',
        summary: 'Un-pair a device; its connections end at once',
        tags,
        params: clientPath,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      if (!(await paired.remove(fingerprint(request.params.fp)))) throw new CodedError('api.not-found', 'no such device is paired');
      reply.code(204);
    },
  );
}

function registerPending(api: Api, { knocks }: ApiParts): void {
  api.get(
    '/api/v1/native/pending',
    {
      config: { access },
      schema: { operationId: 'listPending', summary: "Devices that wait for the operator's word", tags, response: { 200: pendingList } },
    },
    () => ({
      pending: knocks.list().map((knock) => ({
        id: knock.id,
        name: knock.name,
        fingerprint: knock.device,
        address: knock.address,
        since_unix: knock.sinceUnix,
        expires_unix: knock.expiresUnix,
      })),
    }),
  );

  api.post(
    '/api/v1/native/pending/:id/approve',
    {
      config: { access },
      schema: {
        operationId: 'approvePending',
        summary: 'Let a waiting device in, under another name and into a profile if they are given; all of it or nothing',
        tags,
        params: pendingPath,
        body: approval,
        response: { 204: noContent },
      },
    },
    async (request, reply) => {
      const { name, profile_id } = request.body;
      const as = { ...(name === undefined ? {} : { name }), ...(profile_id === undefined ? {} : { profile: profileId(profile_id) }) };
      if (!(await knocks.approve(request.params.id, as))) throw gone();
      reply.code(204);
    },
  );

  api.post(
    '/api/v1/native/pending/:id/deny',
    {
      config: { access },
      schema: {
        operationId: 'denyPending',
        summary: 'Turn a waiting device away',
        tags,
        params: pendingPath,
        response: { 204: noContent },
      },
    },
    (request, reply) => {
      if (!knocks.deny(request.params.id)) throw gone();
      return reply.code(204).send();
    },
  );
}

function gone(): CodedError {
  return new CodedError('api.not-found', 'this device waits no more');
}

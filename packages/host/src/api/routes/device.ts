import type { DeviceAccess } from '../device-access.ts';
import { deviceChallenge, deviceProof, deviceToken } from '../device-schema.ts';
import type { Api } from '../parts.ts';

const tags = ['devices'];

/** A device proves who it is (rule S12): a nonce, its signature, a token. Strangers ask here, so everything is bounded. */
export function registerDeviceRoutes(api: Api, devices: DeviceAccess): void {
  api.post(
    '/api/v1/auth/device/challenge',
    {
      config: { access: 'public' },
      schema: { operationId: 'challengeDevice', summary: 'A nonce for a device to sign', tags, response: { 200: deviceChallenge } },
    },
    (request) => {
      const { nonce, expiresUnix } = devices.challenge(request.ip);
      return { nonce, expires_unix: expiresUnix };
    },
  );

  api.post(
    '/api/v1/auth/device/token',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'openDeviceToken',
        summary: "Trade a signed nonce for a paired device's token",
        tags,
        body: deviceProof,
        response: { 200: deviceToken },
      },
    },
    (request) => {
      const { nonce, spki, signature } = request.body;
      const { token, expiresUnix } = devices.open(nonce, { spki, signature });
      return { token, expires_unix: expiresUnix };
    },
  );
}

import { z } from 'zod';

/** The API's data for a device that proves who it is (rule S12). */

const unixSeconds = z.int().min(0);
const base64 = z.base64().max(256);

export const deviceChallenge = z
  .object({
    nonce: z.string().meta({ description: '64 hex digits; signed once, within a minute' }),
    expires_unix: unixSeconds,
  })
  .meta({ id: 'DeviceChallenge' });

export const deviceProof = z
  .strictObject({
    nonce: z.string().regex(/^[0-9a-f]{64}$/),
    spki: base64.meta({ description: 'SubjectPublicKeyInfo of the P-256 key that the device paired with' }),
    signature: base64.meta({ description: 'ECDSA with SHA-256, 64 bytes r ‖ s, over the text of rule S12' }),
  })
  .meta({ id: 'DeviceProof' });

export const deviceToken = z
  .object({ token: z.string().meta({ description: 'For Authorization: Bearer, an hour long' }), expires_unix: unixSeconds })
  .meta({ id: 'DeviceToken' });

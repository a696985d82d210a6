import { z } from 'zod';

/** Another host, whose devices this one uses on its operator's word. */

const certificateFingerprint = z
  .string()
  .transform((text) => text.replaceAll(/[:\s]/g, '').toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/))
  .meta({ description: 'SHA-256 of the HTTPS certificate, hex; colons, spaces and capitals are read too' });
const address = z.string().min(1).max(512).meta({ description: '`https://192.168.1.5:9939/`, or only the name or address' });
const id = z.string().regex(/^[0-9a-f]{16}$/);

export const remoteAddress = z.strictObject({ address }).meta({ id: 'UsbRemoteAddress' });
export const remoteCertificate = z
  .object({ address: z.string(), fingerprint: z.string().meta({ description: 'Compare it with the one that the other host shows' }) })
  .meta({ id: 'UsbRemoteCertificate' });

export const remoteConnection = z
  .strictObject({
    address,
    fingerprint: certificateFingerprint,
    token: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: "The other host's bearer token; kept in memory until the connection ends" }),
  })
  .meta({ id: 'UsbRemoteConnection' });
export const remotePath = z.object({ id });
export const remoteHost = z
  .object({
    id,
    address: z.string(),
    fingerprint: z.string(),
    name: z.string(),
    version: z.string(),
    connected_unix: z.int().min(0),
  })
  .meta({ id: 'UsbRemoteHost' });
export const remoteHosts = z.object({ hosts: z.array(remoteHost) }).meta({ id: 'UsbRemoteHosts' });

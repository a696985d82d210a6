import { createPrivateKey } from 'node:crypto';

/** A device's DTLS certificate and its key, as PEM text. */
export interface NodeCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Hosts know the device by the fingerprint; an expiry date would only be a day on which it has to pair again. */
const YEARS_VALID = 20;

/** A self-signed P-256 certificate. Loads the builder only here: one run in the life of a device needs it. */
export async function makeCertificate(): Promise<NodeCertificate> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = new Date();
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS_VALID);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: 'CN=Usher device', notBefore, notAfter, keys, signingAlgorithm: algorithm },
    crypto,
  );
  const key = createPrivateKey({
    key: Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    format: 'der',
    type: 'pkcs8',
  });
  return { certificatePem: `${certificate.toString('pem')}\n`, keyPem: key.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

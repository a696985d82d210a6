import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CodedError, type Fingerprint, fingerprint } from '@usher/protocol';
import { createStateFile, readSecretFile, readStateFile } from '../store/state-file.ts';

/** A P-256 certificate or key in PEM is under 1 KiB. */
const FILE_LIMIT = 16 * 1024;
/** Viewers pin the fingerprint; an expiry date would only be a day on which every device has to be paired again. */
const YEARS_VALID = 20;

/** The certificate that every viewer pins (design §3). DTLS always uses it, HTTPS unless the operator gives another. */
export interface HostCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly fingerprint: Fingerprint;
}

/**
 * Reads `host.crt` and `host.key`; the first start makes them. Half a pair, an unreadable one or one that doesn't belong together
 * is refused: another identity would make every paired device mistrust this host, so it is never replaced without a word.
 */
export async function openHostCertificate(directory: string): Promise<HostCertificate> {
  const paths = { certificate: join(directory, 'host.crt'), key: join(directory, 'host.key') };
  const certificate = await readStateFile(paths.certificate, FILE_LIMIT);
  const key = await readSecretFile(paths.key, FILE_LIMIT);
  if (certificate !== undefined && key !== undefined) return readPair(certificate, key, paths);
  if (certificate === undefined && key === undefined) return createPair(paths);
  const missing = certificate === undefined ? paths.certificate : paths.key;
  const present = certificate === undefined ? paths.key : paths.certificate;
  throw new CodedError(
    'store.unreadable',
    `${missing} is missing beside ${present}; restore it, or remove the other too for a new identity (all devices pair again)`,
  );
}

interface Paths {
  readonly certificate: string;
  readonly key: string;
}

function readPair(certificate: string, key: string, paths: Paths): HostCertificate {
  const parsed = parse(() => new X509Certificate(certificate), paths.certificate);
  const privateKey = parse(() => createPrivateKey(key), paths.key);
  if (!isP256(privateKey) || !parsed.checkPrivateKey(privateKey)) {
    throw new CodedError('store.unreadable', `${paths.key} is not the P-256 key of ${paths.certificate}; restore both from one backup`);
  }
  return { certificate, key, fingerprint: fingerprint(parsed.fingerprint256) };
}

function parse<T>(read: () => T, path: string): T {
  try {
    return read();
  } catch (cause) {
    throw new CodedError('store.unreadable', `${path} is damaged; restore it from a backup, it has been left as it is`, { cause });
  }
}

function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

/** The key goes first: a crash between the two leaves a pair that is refused, never one that doesn't match. */
async function createPair(paths: Paths): Promise<HostCertificate> {
  const made = await generate();
  await createStateFile(paths.key, made.key);
  await createStateFile(paths.certificate, made.certificate);
  return made;
}

/** Loads the certificate builder only here: one start in the life of a host needs it. */
async function generate(): Promise<HostCertificate> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = new Date();
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + YEARS_VALID);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Usher host',
      notBefore: now,
      notAfter: end,
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'dns', value: hostname() },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    },
    crypto,
  );
  const pem = `${certificate.toString('pem')}\n`;
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }).toString();
  return { certificate: pem, key, fingerprint: fingerprint(new X509Certificate(pem).fingerprint256) };
}

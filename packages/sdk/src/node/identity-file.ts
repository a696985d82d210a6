import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { CodedError, fingerprint, isCoded, PROFILE_ID_MAX, Reader } from '@usher/protocol';
import { type DeviceIdentity, PINNED_HOSTS_MAX, type PinnedHost, type PinnedHosts, withPinned } from '../viewer/identity.ts';
import { makeCertificate, type NodeCertificate } from './certificate.ts';
import { createSecretFile, readSecretFile, replaceSecretFile } from './secret-file.ts';

const VERSION = 1;

export type FileIdentity = DeviceIdentity<NodeCertificate>;

/** What the file holds. */
interface IdentityRecord {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly signingKeyPem: string;
  readonly hosts: readonly PinnedHost[];
}

/**
 * Who this device is, kept in a file of mode 0600 that the first call makes:
 * `{version: 1, certificate, key, signing_key, hosts: [{origin, fingerprint, name, last_used_unix, last_profile?}]}`, the first three in PEM.
 * A file that can't be read or isn't whole is `store.unreadable`, one that others may read `store.unsafe`, one of a later version
 * `store.newer-version`; it stays as it is in every case, because its key can't be made again.
 */
export async function openFileIdentity(path: string): Promise<FileIdentity> {
  const record = (await readRecord(path)) ?? (await createRecord(path));
  const signingKey = privateKey(record.signingKeyPem, path);
  assertPair(record, path);
  return {
    certificate: { certificatePem: record.certificatePem, keyPem: record.keyPem },
    publicKey: createPublicKey(signingKey).export({ format: 'der', type: 'spki' }),
    sign: (text) => Promise.resolve(sign('sha256', Buffer.from(text), { key: signingKey, dsaEncoding: 'ieee-p1363' })),
    hosts: new FileHosts(path, record.hosts),
  };
}

async function createRecord(path: string): Promise<IdentityRecord> {
  const { privateKey: signingKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const made: IdentityRecord = {
    ...(await makeCertificate()),
    signingKeyPem: signingKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    hosts: [],
  };
  if (await createSecretFile(path, written(made))) return made;
  // Another process made it at the same time: its file is the device.
  const theirs = await readRecord(path);
  if (theirs === undefined) throw damaged(path, 'it vanished while it was opened');
  return theirs;
}

async function readRecord(path: string): Promise<IdentityRecord | undefined> {
  const text = await readSecretFile(path);
  if (text === undefined) return undefined;
  try {
    const record = Reader.json(text, 'identity');
    if (record.integer('version', 0, Number.MAX_SAFE_INTEGER) > VERSION) {
      throw new CodedError('store.newer-version', `${path} was written by a later version of Usher; update this one`);
    }
    return {
      certificatePem: record.string('certificate', 8192),
      keyPem: record.string('key', 8192),
      signingKeyPem: record.string('signing_key', 8192),
      hosts: record.list('hosts', PINNED_HOSTS_MAX, readHost),
    };
  } catch (error) {
    if (isCoded(error, 'message.malformed')) throw damaged(path, error.message, error);
    throw error;
  }
}

function readHost(host: Reader): PinnedHost {
  const lastProfile = host.optionalString('last_profile', PROFILE_ID_MAX);
  return {
    origin: host.string('origin', 512),
    fingerprint: fingerprint(host.string('fingerprint', 64)),
    name: host.string('name', 256),
    lastUsedUnix: host.integer('last_used_unix', 0, Number.MAX_SAFE_INTEGER),
    ...(lastProfile === undefined ? {} : { lastProfile }),
  };
}

function written(record: IdentityRecord): string {
  const hosts = record.hosts.map(({ origin, fingerprint: pinned, name, lastUsedUnix, lastProfile }) => ({
    origin,
    fingerprint: pinned,
    name,
    last_used_unix: lastUsedUnix,
    ...(lastProfile === undefined ? {} : { last_profile: lastProfile }),
  }));
  const file = { version: VERSION, certificate: record.certificatePem, key: record.keyPem, signing_key: record.signingKeyPem, hosts };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function assertPair(record: IdentityRecord, path: string): void {
  const key = privateKey(record.keyPem, path);
  try {
    if (new X509Certificate(record.certificatePem).checkPrivateKey(key)) return;
  } catch (cause) {
    throw damaged(path, 'its certificate can’t be read', cause);
  }
  throw damaged(path, 'its key isn’t its certificate’s');
}

function privateKey(pem: string, path: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw damaged(path, 'a key in it can’t be read', cause);
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw damaged(path, 'a key in it isn’t of P-256');
  return key;
}

function damaged(path: string, problem: string, cause?: unknown): CodedError {
  return new CodedError(
    'store.unreadable',
    `${path} is no whole device identity (${problem}); restore it from a backup or name another file`,
    {
      cause,
    },
  );
}

/** Changes go one after the other, and each reads the file again: other processes may use the same device. */
class FileHosts implements PinnedHosts {
  readonly #path: string;
  #hosts: readonly PinnedHost[];
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, hosts: readonly PinnedHost[]) {
    this.#path = path;
    this.#hosts = hosts;
  }

  list(): readonly PinnedHost[] {
    return this.#hosts;
  }

  find(origin: string): PinnedHost | undefined {
    return this.#hosts.find((host) => host.origin === origin);
  }

  pin(host: Parameters<PinnedHosts['pin']>[0]): Promise<void> {
    return this.#change((hosts) => withPinned(hosts, host));
  }

  forget(origin: string): Promise<void> {
    return this.#change((hosts) => hosts.filter((host) => host.origin !== origin));
  }

  #change(change: (hosts: readonly PinnedHost[]) => readonly PinnedHost[]): Promise<void> {
    const changed = this.#last.then(async () => {
      const record = await readRecord(this.#path);
      if (record === undefined) throw damaged(this.#path, 'it is gone');
      const hosts = change(record.hosts);
      await replaceSecretFile(this.#path, written({ ...record, hosts }));
      this.#hosts = hosts;
    });
    this.#last = changed.catch(() => undefined); // told to whoever asked for it; the next change is tried all the same
    return changed;
  }
}

import { fingerprint, PROFILE_ID_MAX, Reader } from '@usher/protocol';
import { type DeviceIdentity, PINNED_HOSTS_MAX, type PinnedHost, type PinnedHosts, withPinned } from '../viewer/identity.ts';
import { Records } from './records.ts';
import { RememberedPasscodes } from './remembered-passcodes.ts';

/** Browsers cap a certificate's life at one year whatever is asked for (facts/media §1.4). */
const CERTIFICATE_MS = 365 * 24 * 3600 * 1000;
/** Renewed early enough that a device that is used every other month never meets an expired one. */
const RENEW_BELOW_MS = 60 * 24 * 3600 * 1000;
const EC_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export interface BrowserIdentity extends DeviceIdentity<RTCCertificate> {
  /** Never used by itself: a page asks for one, and a television's never does (requirement P9.3). */
  readonly passcodes: RememberedPasscodes;
}

/**
 * Who this browser is, made at the first call and kept in IndexedDB: a certificate whose key no script can read, and a long-lived
 * signing key, not extractable either, by which the host recognises the device when the certificate has been renewed.
 */
export async function openBrowserIdentity(): Promise<BrowserIdentity> {
  const records = await Records.open();
  const key = await signingKey(records);
  const passcodes = new RememberedPasscodes(records);
  return {
    certificate: await currentCertificate(records),
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey)),
    sign: async (text) =>
      new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, new TextEncoder().encode(text))),
    hosts: await BrowserHosts.open(records, passcodes),
    passcodes,
  };
}

async function signingKey(records: Records): Promise<CryptoKeyPair> {
  const known = await records.get('signing-key');
  if (isKeyPair(known)) return known;
  // Two tabs may get here at once: the one that stores first wins, and both use what is stored.
  const stored = await records.putIfAbsent('signing-key', await crypto.subtle.generateKey(EC_P256, false, ['sign']));
  if (!isKeyPair(stored)) throw new TypeError('IndexedDB gave back something else than it was given');
  return stored;
}

async function currentCertificate(records: Records): Promise<RTCCertificate> {
  const known = await records.get('certificate');
  if (known instanceof RTCCertificate && known.expires - Date.now() > RENEW_BELOW_MS) return known;
  // `expires` is Chromium's and Firefox's extension of the algorithm: without it a certificate lasts 30 days.
  const algorithm: AlgorithmIdentifier & { expires: number } = { ...EC_P256, expires: CERTIFICATE_MS };
  const made = await RTCPeerConnection.generateCertificate(algorithm);
  // Of two tabs at the first visit the one that stores first wins; a renewal replaces what is there.
  const storing = known === undefined ? records.putIfAbsent('certificate', made) : records.put('certificate', made);
  return storing.then(
    (stored) => (stored instanceof RTCCertificate ? stored : made),
    // A browser that stores no certificates (WebKit bug 191077) has a new one each time; the signing key tells the host who it is.
    () => made,
  );
}

/** Kept as a plain list in one record; each change reads it again, because other tabs write too. */
class BrowserHosts implements PinnedHosts {
  readonly #records: Records;
  readonly #passcodes: RememberedPasscodes;
  #hosts: readonly PinnedHost[];

  private constructor(records: Records, passcodes: RememberedPasscodes, hosts: readonly PinnedHost[]) {
    this.#records = records;
    this.#passcodes = passcodes;
    this.#hosts = hosts;
  }

  static async open(records: Records, passcodes: RememberedPasscodes): Promise<BrowserHosts> {
    const hosts = readHosts(await records.get('hosts'));
    // A page that was closed between the two steps of a change has left this one to do.
    await passcodes.sweep(hosts);
    return new BrowserHosts(records, passcodes, hosts);
  }

  list(): readonly PinnedHost[] {
    return this.#hosts;
  }

  find(origin: string): PinnedHost | undefined {
    return this.#hosts.find((host) => host.origin === origin);
  }

  async pin(host: Parameters<PinnedHosts['pin']>[0]): Promise<void> {
    await this.#change((hosts) => withPinned(hosts, host));
  }

  async forget(origin: string): Promise<void> {
    await this.#change((hosts) => hosts.filter((host) => host.origin !== origin));
  }

  async #change(change: (hosts: readonly PinnedHost[]) => readonly PinnedHost[]): Promise<void> {
    this.#hosts = readHosts(await this.#records.update('hosts', (value) => ({ list: change(readHosts(value)) })));
    await this.#passcodes.sweep(this.#hosts);
  }
}

function readHosts(value: unknown): readonly PinnedHost[] {
  if (value === undefined) return [];
  return Reader.of(value, 'hosts').list('list', PINNED_HOSTS_MAX, (host) => ({
    origin: host.string('origin', 512),
    fingerprint: fingerprint(host.string('fingerprint', 64)),
    name: host.string('name', 256),
    lastUsedUnix: host.integer('lastUsedUnix', 0, Number.MAX_SAFE_INTEGER),
    ...lastProfile(host.optionalString('lastProfile', PROFILE_ID_MAX)),
  }));
}

function lastProfile(id: string | undefined): Pick<PinnedHost, 'lastProfile'> {
  return id === undefined ? {} : { lastProfile: id };
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  if (typeof value !== 'object' || value === null || !('privateKey' in value) || !('publicKey' in value)) return false;
  return value.privateKey instanceof CryptoKey && value.publicKey instanceof CryptoKey;
}

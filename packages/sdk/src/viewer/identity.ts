import { CodedError, type Fingerprint } from '@usher/protocol';

/** A host that this device has paired with (requirement P9.1). */
export interface PinnedHost {
  /** As in a URL: `https://192.168.1.5:9939`. */
  readonly origin: string;
  readonly fingerprint: Fingerprint;
  /** What a person calls it; the address until renamed. */
  readonly name: string;
  /** Unix seconds. */
  readonly lastUsedUnix: number;
  /** The profile that the host placed this device in last: where one tap leads (requirement P9.2). */
  readonly lastProfile?: string;
}

/** The hosts that a device has pinned. A failed save rejects, and nothing has changed. */
export interface PinnedHosts {
  list(): readonly PinnedHost[];
  find(origin: string): PinnedHost | undefined;
  /** Adds the host or replaces its time of use and fingerprint; a known host keeps its name and last profile unless others are given. */
  pin(host: Omit<PinnedHost, 'name'> & { readonly name?: string }): Promise<void>;
  /** The host, and every passcode of it that this device remembers. */
  forget(origin: string): Promise<void>;
}

/** Most hosts one device remembers; past it the one that was used longest ago is forgotten. */
export const PINNED_HOSTS_MAX = 256;

/** Who this device is: a DTLS certificate, the long-lived key that outlives it, and the hosts that it knows (design §3). */
export interface DeviceIdentity<Certificate = unknown> {
  readonly certificate: Certificate;
  /** SubjectPublicKeyInfo of the long-lived P-256 key, DER. */
  readonly publicKey: Uint8Array;
  /** ECDSA with SHA-256 over the text as UTF-8; 64 bytes r ‖ s. */
  sign(text: string): Promise<Uint8Array>;
  readonly hosts: PinnedHosts;
}

/** The list after `pin`: pure, so that both stores agree. */
export function withPinned(hosts: readonly PinnedHost[], pinned: Parameters<PinnedHosts['pin']>[0]): readonly PinnedHost[] {
  const before = hosts.find((host) => host.origin === pinned.origin);
  // Another certificate is another host, which knows nothing of the profiles of the one before.
  const lastProfile = pinned.lastProfile ?? (before?.fingerprint === pinned.fingerprint ? before.lastProfile : undefined);
  const after: PinnedHost = {
    ...pinned,
    name: pinned.name ?? before?.name ?? new URL(pinned.origin).host,
    ...(lastProfile === undefined ? {} : { lastProfile }),
  };
  return [after, ...hosts.filter((host) => host.origin !== pinned.origin)]
    .toSorted((a, b) => b.lastUsedUnix - a.lastUsedUnix)
    .slice(0, PINNED_HOSTS_MAX);
}

/** Refuses a host that isn't the one that was pinned (requirement P9.1): its key changed, or somebody sits in between. */
export function assertSameHost(origin: string, expected: Fingerprint | undefined, presented: Fingerprint): void {
  if (expected === undefined || expected === presented) return;
  throw new CodedError(
    'pairing.host-changed',
    `${origin} shows another fingerprint than the one this device knows. If the host was set up anew, compare the fingerprint that ` +
      'it prints, forget the host on this device and pair again; otherwise do not connect',
  );
}

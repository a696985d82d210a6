import {
  type BrowserIdentity,
  connect,
  fingerprint,
  listProfiles,
  openBrowserIdentity,
  type PinnedHost,
  presentedFingerprint,
} from '@usher/sdk';
import type { Device, PasscodeMemory, ViewerLink } from './link.ts';

/**
 * The host that served this page, reached by the SDK. Where `remembers` is false no passcode is ever read or written, whatever the pages
 * ask for (requirement P9.5).
 */
export function sdkLink({ remembers }: { readonly remembers: boolean }): ViewerLink {
  return {
    hostName: location.host,
    origin: location.origin,
    openDevice: async () => deviceOf(await openBrowserIdentity(), remembers),
    // Without it the page only shows less.
    presentedHost: (signal) => presentedFingerprint(location.href, signal).catch(() => undefined),
    visit: (origin) => location.assign(origin),
  };
}

async function deviceOf(identity: BrowserIdentity, remembers: boolean): Promise<Device> {
  const { hosts } = identity;
  const url = location.href;
  const knownHost = () => hosts.find(location.origin);
  return {
    fingerprint: await certificateFingerprint(identity.certificate),
    passcodes: remembers ? memoryOf(identity, knownHost) : undefined,
    knownHost,
    knownHosts: () => hosts.list(),
    renameHost: async (origin, name) => {
      const host = hosts.find(origin);
      if (host !== undefined) await hosts.pin({ ...host, name: name === '' ? new URL(origin).host : name });
    },
    forgetHost: (origin) => hosts.forget(origin),
    listProfiles: (options) => listProfiles({ ...options, url, identity }),
    enter: ({ onProgress, onKnock, ...options }) => connect({ ...options, url, identity, onProgress, onKnock }),
  };
}

/** The passcodes of one host; a host that isn't pinned has none. */
function memoryOf({ passcodes }: BrowserIdentity, knownHost: () => PinnedHost | undefined): PasscodeMemory {
  const atHost = async <Result>(otherwise: Result, work: (host: PinnedHost) => Promise<Result>): Promise<Result> => {
    const host = knownHost();
    return host === undefined ? otherwise : work(host);
  };
  const place = ({ origin, fingerprint: of }: PinnedHost, profile: string) => ({ origin, fingerprint: of, profile });
  return {
    profiles: () => atHost<readonly string[]>([], (host) => passcodes.profilesOf(host)),
    recall: (profile) => atHost<Uint8Array | undefined>(undefined, (host) => passcodes.recall(place(host, profile))),
    remember: (profile, passcode) => atHost<void>(undefined, (host) => passcodes.remember(place(host, profile), passcode)),
    forget: (profile) => atHost<void>(undefined, (host) => passcodes.forget(place(host, profile))),
  };
}

/** Read from an offer, because Firefox's RTCCertificate has no getFingerprints(). Nothing is sent anywhere. */
async function certificateFingerprint(certificate: RTCCertificate): Promise<string> {
  const peer = new RTCPeerConnection({ certificates: [certificate] });
  try {
    peer.createDataChannel('fingerprint');
    const { sdp } = await peer.createOffer();
    return fingerprint(/^a=fingerprint:sha-256 ([0-9A-F:]{95})/im.exec(sdp ?? '')?.[1] ?? '');
  } finally {
    peer.close();
  }
}

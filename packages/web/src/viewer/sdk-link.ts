import { type BrowserIdentity, connect, fingerprint, openBrowserIdentity } from '@usher/sdk';
import type { Device, ViewerLink } from './link.ts';
import { presentedFingerprint } from './presented-host.ts';

/** The host that served this page, reached by the SDK. */
export const sdkLink: ViewerLink = {
  hostName: location.host,
  openDevice: async () => deviceOf(await openBrowserIdentity()),
  presentedHost: (signal) => presentedFingerprint(location.origin, signal),
};

async function deviceOf(identity: BrowserIdentity): Promise<Device> {
  return {
    fingerprint: await certificateFingerprint(identity.certificate),
    knownHost: () => identity.hosts.find(location.origin)?.fingerprint,
    forgetHost: () => identity.hosts.forget(location.origin),
    enter: ({ onProgress, onKnock, ...options }) => connect({ ...options, url: location.href, identity, onProgress, onKnock }),
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

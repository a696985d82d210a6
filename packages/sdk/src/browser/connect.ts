import type { Fingerprint, ProfileEntry } from '@usher/protocol';
import type { ConnectOptions, HostOptions } from '../viewer/options.ts';
import type { ViewerPlatform } from '../viewer/peer.ts';
import { place, profilesOf } from '../viewer/place.ts';
import { presentedBy } from '../viewer/presented.ts';
import { ViewerSession } from '../viewer/session.ts';
import { BrowserPeer } from './peer.ts';
import { openSocket } from './socket.ts';

const browser: ViewerPlatform<RTCCertificate, BrowserPeer> = {
  openSocket,
  createPeer: (options) => new BrowserPeer(options),
};

/** A session in a page: what to show, beside what every viewer can do. */
export class Session extends ViewerSession<RTCCertificate, BrowserPeer> {
  /** The picture; give it to a `<video>` in a MediaStream. */
  get video(): MediaStreamTrack {
    const { video } = this.peer;
    if (video === undefined) throw new TypeError('the session connection receives video');
    return video;
  }

  /** The sound; silent where the host has none. */
  get audio(): MediaStreamTrack | undefined {
    return this.peer.audio;
  }
}

/**
 * Connects, pairs if a PIN is given, waits for the operator's word if the device is unknown, and enters a profile.
 * Rejects with ConnectError, or with the signal's reason.
 *
 * @example
 * const identity = await openBrowserIdentity();
 * const session = await connect({ url: location.href, identity, deviceName: 'Ada’s laptop', mode: { width: 1280, height: 720, refreshHz: 60 } });
 * videoElement.srcObject = new MediaStream([session.video]);
 */
export async function connect(options: ConnectOptions<RTCCertificate>): Promise<Session> {
  return new Session(await place(browser, options));
}

/** The profiles that the host offers this device. Rejects as `connect` does. */
export function listProfiles(options: HostOptions<RTCCertificate>): Promise<readonly ProfileEntry[]> {
  return profilesOf(browser, options);
}

/**
 * The fingerprint that the host shows right now, for a person to compare before anything is trusted; nothing is asked of the host beyond
 * its greeting. Rejects as `connect` does.
 */
export function presentedFingerprint(url: string, signal?: AbortSignal): Promise<Fingerprint> {
  return presentedBy(browser, url, signal);
}

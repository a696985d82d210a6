import type { Fingerprint, ProfileEntry } from '@usher/protocol';
import type { ConnectOptions, HostOptions } from '../viewer/options.ts';
import type { ViewerPlatform } from '../viewer/peer.ts';
import { place, profilesOf } from '../viewer/place.ts';
import { presentedBy } from '../viewer/presented.ts';
import { ViewerSession } from '../viewer/session.ts';
import type { NodeCertificate } from './certificate.ts';
import { NodePeer } from './peer.ts';
import { openSocket } from './socket.ts';

async function openPlatform(): Promise<ViewerPlatform<NodeCertificate, NodePeer>> {
  const webRtc = await import('node-datachannel');
  return { openSocket, createPeer: (options) => new NodePeer(webRtc, options) };
}

/** The end takes a few milliseconds; a host that is gone isn't waited for. */
const LEAVE_MS = 1_000;

/**
 * A session in Node: video and sound are received and counted, not decoded. `await using` leaves it in a way that the host hears of; a
 * process that exits right after `close()` is missed only when its connection times out. libdatachannel's threads keep a process alive,
 * so a program that has connected ends by `process.exit()`.
 */
export class Session extends ViewerSession<NodeCertificate, NodePeer> implements AsyncDisposable {
  /** `performance.now()` of the first whole picture; undefined before. */
  get firstFrameAtMs(): number | undefined {
    return this.peer.firstFrameAtMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LEAVE_MS);
    });
    await Promise.race([this.peer.closed, patience]);
    clearTimeout(timer);
  }
}

/**
 * Connects, pairs if a PIN is given, waits for the operator's word if the device is unknown, and enters a profile.
 * Rejects with ConnectError, or with the signal's reason.
 *
 * @example
 * const identity = await openFileIdentity('/home/ada/.config/usher-device.json');
 * await using session = await connect({ url: 'https://192.168.1.5:9939/', identity, deviceName: 'robot', mode: { width: 1280, height: 720, refreshHz: 60 } });
 * console.log((await session.stats()).video.frames);
 */
export async function connect(options: ConnectOptions<NodeCertificate>): Promise<Session> {
  return new Session(await place(await openPlatform(), options));
}

/** The profiles that the host offers this device. Rejects as `connect` does. */
export async function listProfiles(options: HostOptions<NodeCertificate>): Promise<readonly ProfileEntry[]> {
  return profilesOf(await openPlatform(), options);
}

/**
 * The fingerprint that the host shows right now, for a person to compare before anything is trusted; nothing is asked of the host beyond
 * its greeting. Rejects as `connect` does.
 */
export function presentedFingerprint(url: string, signal?: AbortSignal): Promise<Fingerprint> {
  return presentedBy({ openSocket }, url, signal);
}

import { CEREMONY_SPACING_MS } from '@usher/domain';
import { CodedError, type Fingerprint, isCoded } from '@usher/protocol';
import { ControlChannel } from './control-channel.ts';
import { assertSameHost } from './identity.ts';
import type { HostOptions } from './options.ts';
import { pair } from './pairing.ts';
import type { PeerChannel, ViewerPeer, ViewerPlatform } from './peer.ts';
import { linkPeer } from './peer-link.ts';
import { type HelloSignal, Signalling } from './signalling.ts';
import { pause, within } from './within.ts';

/** libdatachannel as the offerer now and then fails its DTLS handshake (facts/media §1.4); a fresh connection gets through. */
const ATTEMPTS = 3;
/** A host in its cool-down has not looked at the PIN: it is as good a moment later. More than two in the way means that somebody else is busy. */
const COOL_DOWNS = 2;
export const HELLO_MS = 10_000;

/** A connection to a host that is who it should be; paired, if a PIN was given. Nothing has been asked of it yet. */
export interface Approach<Peer extends ViewerPeer> {
  readonly origin: string;
  readonly hostFingerprint: Fingerprint;
  readonly signalling: Signalling;
  readonly hello: HelloSignal;
  readonly peer: Peer;
  readonly answer: string;
  readonly control: ControlChannel;
  readonly channels: ReadonlyMap<string, PeerChannel>;
  /** Writes the host down as known and used just now, and where the device was placed. */
  remember(profile?: string): Promise<void>;
  close(): void;
}

/** Signalling, peer connection, host check, pairing. Everything is closed again when it fails. */
export async function approach<Certificate, Peer extends ViewerPeer>(
  platform: ViewerPlatform<Certificate, Peer>,
  options: HostOptions<Certificate>,
  signal: AbortSignal,
): Promise<Approach<Peer>> {
  const origin = originOf(options.url);
  if (options.pin === undefined) return reach(platform, options, origin, signal);
  for (let coolDowns = 0; ; coolDowns += 1) {
    const reached = await reach(platform, options, origin, signal);
    try {
      options.onProgress?.('pairing');
      const identities = { device: reached.device, host: reached.hostFingerprint };
      await pair(reached.control, { deviceName: options.deviceName, pin: options.pin, identities }, signal);
      await reached.remember();
      return reached;
    } catch (error) {
      reached.close();
      if (coolDowns === COOL_DOWNS || !isCoded(error, 'pairing.cooling-down')) throw error;
      await pause(CEREMONY_SPACING_MS, signal);
    }
  }
}

type Reached<Peer extends ViewerPeer> = Approach<Peer> & { readonly device: Fingerprint };

async function reach<Certificate, Peer extends ViewerPeer>(
  platform: ViewerPlatform<Certificate, Peer>,
  options: HostOptions<Certificate>,
  origin: string,
  signal: AbortSignal,
): Promise<Reached<Peer>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await reachOnce(platform, options, origin, signal);
    } catch (error) {
      if (attempt === ATTEMPTS || !isCoded(error, 'session.transport')) throw error;
    }
  }
}

async function reachOnce<Certificate, Peer extends ViewerPeer>(
  platform: ViewerPlatform<Certificate, Peer>,
  options: HostOptions<Certificate>,
  origin: string,
  signal: AbortSignal,
): Promise<Reached<Peer>> {
  const { identity } = options;
  options.onProgress?.('signalling');
  const signalling = new Signalling(await platform.openSocket(signalUrl(origin), signal));
  try {
    const hello = await within(
      signalling.hello,
      HELLO_MS,
      signal,
      () => new CodedError('session.handshake-timeout', 'the host said nothing'),
    );
    assertSameHost(origin, options.hostFingerprint ?? identity.hosts.find(origin)?.fingerprint, hello.fingerprint);

    options.onProgress?.('connecting');
    const channels = new Map<string, PeerChannel>();
    let control: ControlChannel | undefined;
    const { peer, device, answer } = await linkPeer({
      platform,
      identity,
      signalling,
      hello,
      origin,
      purpose: 'session',
      provesKey: true,
      signal,
      attach: (label, channel) => {
        channels.set(label, channel);
        if (label === 'control') control = new ControlChannel(channel);
      },
      lost: () => control?.end(signalling.failure ?? new CodedError('session.transport', 'the connection to the host was lost')),
    });
    if (control === undefined) throw new TypeError('the session connection has a control channel');
    return {
      origin,
      hostFingerprint: hello.fingerprint,
      device,
      signalling,
      hello,
      peer,
      answer,
      control,
      channels,
      remember: (profile) =>
        identity.hosts.pin({
          origin,
          fingerprint: hello.fingerprint,
          lastUsedUnix: Math.floor(Date.now() / 1000),
          ...(profile === undefined ? {} : { lastProfile: profile }),
        }),
      close: () => {
        peer.close();
        signalling.close();
      },
    };
  } catch (error) {
    signalling.close();
    throw error;
  }
}

/** The part of the address that a host is remembered by. Plain HTTP is refused: the certificate's check would be gone. */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:') throw new CodedError('config.invalid', 'the host’s address starts with https://');
  return parsed.origin;
}

export function signalUrl(origin: string): string {
  const url = new URL('/signal', origin);
  url.protocol = 'wss:';
  return url.href;
}

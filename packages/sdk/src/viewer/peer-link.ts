import { CodedError, deviceKeyStatement, type Fingerprint, type PeerPurpose, sdpFingerprint, toBase64 } from '@usher/protocol';
import { HeldCandidates } from './held-candidates.ts';
import { assertSameHost, type DeviceIdentity } from './identity.ts';
import { CHANNELS, type PeerChannel, type ViewerPeer, type ViewerPlatform } from './peer.ts';
import type { HelloSignal, Signalling } from './signalling.ts';
import { within } from './within.ts';

/** The host allows 10 s from the offer to the first message (requirement P5.3); connecting that took longer is refused anyway. */
const CONNECT_MS = 10_000;

export interface LinkRequest<Certificate, Peer extends ViewerPeer> {
  readonly platform: ViewerPlatform<Certificate, Peer>;
  readonly identity: DeviceIdentity<Certificate>;
  readonly signalling: Signalling;
  readonly hello: HelloSignal;
  readonly origin: string;
  readonly purpose: PeerPurpose;
  /** Whether the device's long-lived key is shown: the session's offer does, the bulk's needn't. */
  readonly provesKey: boolean;
  readonly signal: AbortSignal;
  /** Called for each channel before the offer, so that no message is missed. */
  attach(label: string, channel: PeerChannel): void;
  /** The connection was up and is gone. */
  lost(): void;
}

/** A peer whose other end has proved to be the host that said hello. */
export interface LinkedPeer<Peer extends ViewerPeer> {
  readonly peer: Peer;
  /** Of the certificate in this offer. */
  readonly device: Fingerprint;
  readonly answer: string;
}

/** Offers, takes the answer, trickles both ways, and checks that one certificate stands behind hello, answer and DTLS. */
export async function linkPeer<Certificate, Peer extends ViewerPeer>(request: LinkRequest<Certificate, Peer>): Promise<LinkedPeer<Peer>> {
  const { signalling, hello, purpose, signal, origin } = request;
  const outgoing = new HeldCandidates((candidate, mid) => signalling.sendCandidate(purpose, candidate, mid));
  const peer = request.platform.createPeer({
    purpose,
    certificate: request.identity.certificate,
    iceServers: hello.iceServers,
    events: { candidate: (candidate, mid) => outgoing.add(candidate, mid), lost: () => request.lost() },
  });
  const incoming = new HeldCandidates((candidate, mid) => peer.addCandidate(candidate, mid));
  try {
    for (const { label } of CHANNELS[purpose]) request.attach(label, peer.channel(label));
    const sdp = await peer.offer();
    const device = sdpFingerprint(sdp);
    const key = request.provesKey ? await proof(request.identity, hello, device) : undefined;
    const exchange = hear(signalling, purpose, incoming);
    signalling.sendOffer(purpose, sdp, key);

    const answer = await within(exchange.answer, CONNECT_MS, signal, tooSlow);
    assertSameHost(origin, hello.fingerprint, sdpFingerprint(answer));
    await peer.answer(answer);
    // No earlier, either way: a host that knows where we are connects at once, and libdatachannel as the offerer checks the DTLS
    // certificate against an answer that it may not have stored yet (facts/media §1.4).
    incoming.release();
    outgoing.release();
    await within(Promise.race([peer.connected, exchange.failed]), CONNECT_MS, signal, tooSlow);
    assertSameHost(origin, hello.fingerprint, (await peer.remoteFingerprint()) ?? hello.fingerprint);
    return { peer, device, answer };
  } catch (error) {
    peer.close();
    throw error;
  }
}

async function proof(identity: DeviceIdentity, hello: HelloSignal, device: Fingerprint) {
  const signature = await identity.sign(deviceKeyStatement(hello.nonce, hello.fingerprint, device));
  return { spki: toBase64(identity.publicKey), signature: toBase64(signature) };
}

/** The host's side of the exchange as promises: its answer, and its refusal (or the end of the socket). */
function hear(signalling: Signalling, purpose: PeerPurpose, incoming: HeldCandidates) {
  let refuse: (error: CodedError) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  failed.catch(() => undefined); // a refusal after the connection is up has no one waiting here; the session hears it by `control`
  const answer = new Promise<string>((resolve, reject) => {
    failed.catch(reject);
    signalling.attach(purpose, {
      answer: resolve,
      candidate: (candidate, mid) => incoming.add(candidate, mid),
      failed: refuse,
    });
  });
  return { answer, failed };
}

function tooSlow(): CodedError {
  return new CodedError('session.handshake-timeout', 'the host did not connect within 10 seconds');
}

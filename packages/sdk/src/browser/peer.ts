import { CodedError, type Fingerprint, fingerprint, toHex } from '@usher/protocol';
import { CHANNELS, type MediaStats, type PeerChannel, type PeerOptions, type ViewerPeer } from '../viewer/peer.ts';
import { readMediaStats } from './media-stats.ts';
import { BrowserChannel } from './peer-channel.ts';

/** One RTCPeerConnection of a page. */
export class BrowserPeer implements ViewerPeer {
  readonly connected: Promise<void>;
  /** Undefined on the bulk connection. */
  readonly video: MediaStreamTrack | undefined;
  readonly audio: MediaStreamTrack | undefined;
  readonly #connection: RTCPeerConnection;
  readonly #channels: ReadonlyMap<string, BrowserChannel>;

  constructor(options: PeerOptions<RTCCertificate>) {
    const { events } = options;
    this.#connection = new RTCPeerConnection({
      certificates: [options.certificate],
      iceServers: options.iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
      bundlePolicy: 'max-bundle',
    });
    if (options.purpose === 'session') {
      this.video = receive(this.#connection, 'video');
      this.audio = receive(this.#connection, 'audio');
    }
    this.#channels = new Map(CHANNELS[options.purpose].map((spec) => [spec.label, new BrowserChannel(this.#connection, spec)]));
    this.#connection.addEventListener('icecandidate', ({ candidate }) => {
      // The empty candidate only says that there are no more.
      if (candidate?.candidate && candidate.sdpMid !== null) events.candidate(candidate.candidate, candidate.sdpMid);
    });
    this.connected = this.#watch(() => events.lost());
    this.connected.catch(() => undefined); // whoever waits sees it; a peer that is given up has nobody who waits
  }

  async offer(): Promise<string> {
    await this.#connection.setLocalDescription();
    return this.#connection.localDescription?.sdp ?? '';
  }

  async answer(sdp: string): Promise<void> {
    try {
      await this.#connection.setRemoteDescription({ type: 'answer', sdp });
    } catch (cause) {
      throw new CodedError('message.malformed', 'the browser does not take the host’s answer', { cause });
    }
  }

  /** All sections share the transport of the first (`max-bundle`); Chromium silently ignores a candidate that names another one. */
  addCandidate(candidate: string): void {
    this.#connection.addIceCandidate({ candidate, sdpMLineIndex: 0 }).catch(() => undefined); // one of many: the port says to drop it
  }

  channel(label: string): PeerChannel {
    const channel = this.#channels.get(label);
    if (channel === undefined) throw new TypeError(`this connection has no channel ${label}`);
    return channel;
  }

  async remoteFingerprint(): Promise<Fingerprint | undefined> {
    const transport = this.#connection.sctp?.transport;
    // Firefox lacks the call; it holds DTLS to the answer's fingerprint all the same, as every browser does (RFC 8827 §6.5).
    if (transport === undefined || !('getRemoteCertificates' in transport)) return undefined;
    const [certificate] = transport.getRemoteCertificates();
    if (certificate === undefined) return undefined;
    return fingerprint(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', certificate))));
  }

  async mediaStats(): Promise<MediaStats> {
    return readMediaStats(await this.#connection.getStats());
  }

  close(): void {
    this.#connection.close();
  }

  #watch(lost: () => void): Promise<void> {
    const channels = Promise.all([...this.#channels.values()].map((channel) => channel.opened));
    return new Promise((resolve, reject) => {
      let up = false;
      this.#connection.addEventListener('connectionstatechange', () => {
        // `disconnected` may heal by itself; `failed` doesn't without an ICE restart.
        if (this.#connection.connectionState !== 'failed') return;
        if (up) lost();
        else reject(new CodedError('session.transport', 'no connection to the host could be made'));
        this.#connection.close();
      });
      channels.then(() => {
        up = true;
        resolve();
      }, reject);
    });
  }
}

/** A track that only comes in, shown as soon as it is there: this is a desktop, not a film. */
function receive(connection: RTCPeerConnection, kind: 'video' | 'audio'): MediaStreamTrack {
  const transceiver = connection.addTransceiver(kind, { direction: 'recvonly' });
  if (kind === 'video') preferH264(transceiver);
  const { receiver } = transceiver;
  if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
  if ('playoutDelayHint' in receiver) Object.assign(receiver, { playoutDelayHint: 0 }); // Chromium's older name, in seconds
  return receiver.track;
}

/** H.264 first, because it costs the host least (facts/media §2.1); the rest keeps the browser's order. */
function preferH264(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const rank = (codec: RTCRtpCodec) => (codec.mimeType.toLowerCase() !== 'video/h264' ? 2 : isConstrainedBaseline(codec) ? 0 : 1);
  // Firefox has it since 128; before, its own order stands.
  if (codecs.length > 0 && 'setCodecPreferences' in transceiver)
    transceiver.setCodecPreferences(codecs.toSorted((a, b) => rank(a) - rank(b)));
}

function isConstrainedBaseline(codec: RTCRtpCodec): boolean {
  const parameters = codec.sdpFmtpLine ?? '';
  return /packetization-mode=1/.test(parameters) && /profile-level-id=42e0/i.test(parameters);
}

import { CodedError, type Fingerprint, fingerprint } from '@usher/protocol';
import type { PeerConnection } from 'node-datachannel';
import { HeldCandidates } from '../viewer/held-candidates.ts';
import { CHANNELS, type MediaStats, type PeerChannel, type PeerOptions, type ViewerPeer } from '../viewer/peer.ts';
import { negotiatedCodec } from '../viewer/sdp.ts';
import { AudioCounter } from './audio-counter.ts';
import type { NodeCertificate } from './certificate.ts';
import { nativeIceServers } from './ice-servers.ts';
import { NodeChannel } from './peer-channel.ts';
import { VideoCounter } from './video-counter.ts';

/** libdatachannel's binding, handed in: it is native code, and only a program that connects should need it. */
export type NativeWebRtc = Pick<typeof import('node-datachannel'), 'Audio' | 'PeerConnection' | 'RtcpReceivingSession' | 'Video'>;

/** What is offered; constrained baseline first, because it costs the host least (facts/media §2.1). */
const H264 = { payloadType: 102, format: 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1' } as const;
const VP8_PAYLOAD_TYPE = 97;
const OPUS_PAYLOAD_TYPE = 111;

/**
 * How long the host goes without our candidates, unless we have reached it before. It begins DTLS once it has reached us, and libdatachannel
 * now and then leaves a first message lying that comes before its own ICE is through, until that is repeated a second later (facts/media
 * §1.5). A host that can only answer our checks is through after us. One that we can't reach without its help, behind a NAT, gets them then.
 */
const ALONE_MS = 200;

/**
 * Connections whose native side still lives. Its callbacks come from other threads and use the JavaScript objects without holding them
 * (facts/media §1.6), so those must outlive the last callback, which is the one that tells `closed`.
 */
const alive = new Set<NodePeer>();

/** One peer connection on node-datachannel (libdatachannel). It receives video and sound and counts them; nothing is decoded. */
export class NodePeer implements ViewerPeer {
  readonly connected: Promise<void>;
  /** Resolves when the library is done with the connection: the host has been told of its end by then. */
  readonly closed: Promise<void>;
  readonly #native: PeerConnection;
  readonly #channels: ReadonlyMap<string, NodeChannel>;
  readonly #lost: () => void;
  readonly #candidates: HeldCandidates;
  #alone: ReturnType<typeof setTimeout> | undefined;
  readonly #audio = new AudioCounter();
  #video: VideoCounter | undefined;
  /** Tracks, their descriptions and handlers: not to be forgotten while the connection lives. */
  readonly #natives: unknown[] = [];
  #state: 'connecting' | 'up' | 'over' = 'connecting';
  #failed: (error: CodedError) => void = () => undefined;
  #gone: () => void = () => undefined;

  constructor(webRtc: NativeWebRtc, options: PeerOptions<NodeCertificate>) {
    const { events, certificate } = options;
    this.#lost = () => events.lost();
    this.#native = new webRtc.PeerConnection('usher-viewer', {
      iceServers: nativeIceServers(options.iceServers),
      certificatePemFile: certificate.certificatePem,
      keyPemFile: certificate.keyPem,
      // By itself the library would offer as soon as there is a channel, before the tracks are added.
      disableAutoNegotiation: true,
    });
    alive.add(this);
    this.closed = new Promise((resolve) => {
      this.#gone = resolve;
    });
    this.#native.onStateChange((state) => this.#nativeState(state));
    // The library writes the SDP line; the signalling carries the value.
    this.#candidates = new HeldCandidates((candidate, mid) => {
      if (this.#state !== 'over') events.candidate(candidate.replace(/^a=/, ''), mid);
    });
    this.#native.onLocalCandidate((candidate, mid) => this.#candidates.add(candidate, mid));
    this.#native.onIceStateChange((state) => {
      if (state === 'connected' || state === 'completed') this.#tellCandidates();
    });
    if (options.purpose === 'session') this.#receive(webRtc);
    this.#channels = new Map(CHANNELS[options.purpose].map((spec) => [spec.label, new NodeChannel(this.#native, spec)]));
    this.connected = this.#watch();
    this.connected.catch(() => undefined); // whoever waits sees it; a peer that is given up has nobody who waits
  }

  /** `performance.now()` of the first whole picture; undefined before. */
  get firstFrameAtMs(): number | undefined {
    return this.#video?.firstFrameAtMs;
  }

  offer(): Promise<string> {
    return new Promise((resolve) => {
      this.#native.onLocalDescription((sdp) => resolve(sdp));
      this.#native.setLocalDescription('offer');
    });
  }

  answer(sdp: string): Promise<void> {
    return new Promise((resolve) => resolve(this.#apply(sdp)));
  }

  addCandidate(candidate: string, mid: string): void {
    try {
      this.#native.addRemoteCandidate(candidate, mid);
    } catch {
      // Not parsed, or the connection failed a moment ago on another thread: the port says to drop it.
    }
  }

  channel(label: string): PeerChannel {
    const channel = this.#channels.get(label);
    if (channel === undefined) throw new TypeError(`this connection has no channel ${label}`);
    return channel;
  }

  remoteFingerprint(): Promise<Fingerprint> {
    return new Promise((resolve) => {
      const { algorithm, value } = this.#native.remoteFingerprint();
      if (algorithm !== 'sha-256') throw new CodedError('message.malformed', 'the host’s certificate isn’t named by SHA-256');
      resolve(fingerprint(value));
    });
  }

  mediaStats(): Promise<MediaStats> {
    const rtt = this.#state === 'up' ? this.#native.rtt() : -1; // -1 where nothing was measured yet
    return Promise.resolve({ video: this.#video?.stats ?? NO_VIDEO, audio: this.#audio.stats, ...(rtt < 0 ? {} : { rttMs: rtt }) });
  }

  close(): void {
    this.#end(new CodedError('session.transport', 'the connection was closed'));
    // Not from inside one of its own callbacks, which closing takes apart.
    setImmediate(() => this.#native.close());
  }

  #apply(answer: string): void {
    if (/^m=video/m.test(answer)) this.#video = new VideoCounter(negotiatedCodec(answer), () => this.#requestKeyframe());
    try {
      this.#native.setRemoteDescription(answer, 'answer');
    } catch (cause) {
      throw new CodedError('message.malformed', 'the host’s answer can’t be used', { cause });
    }
    this.#alone = setTimeout(() => this.#tellCandidates(), ALONE_MS);
  }

  #tellCandidates(): void {
    clearTimeout(this.#alone);
    this.#candidates.release();
  }

  /** Offers to receive one video and one sound track. */
  #receive({ Audio, RtcpReceivingSession, Video }: NativeWebRtc): void {
    const video = new Video('video', 'RecvOnly');
    video.addH264Codec(H264.payloadType, H264.format);
    video.addVP8Codec(VP8_PAYLOAD_TYPE);
    const audio = new Audio('audio', 'RecvOnly');
    audio.addOpusCodec(OPUS_PAYLOAD_TYPE);
    const [videoTrack, audioTrack] = [this.#native.addTrack(video), this.#native.addTrack(audio)];
    const [videoReports, audioReports] = [new RtcpReceivingSession(), new RtcpReceivingSession()];
    videoTrack.setMediaHandler(videoReports);
    audioTrack.setMediaHandler(audioReports);
    videoTrack.onMessage((packet) => this.#video?.push(packet));
    audioTrack.onMessage((packet) => this.#audio.push(packet));
    this.#requestKeyframe = () => {
      if (this.#state === 'up') videoTrack.requestKeyframe();
    };
    this.#natives.push(video, audio, videoTrack, audioTrack, videoReports, audioReports);
  }

  #requestKeyframe: () => void = () => undefined;

  #watch(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#failed = reject;
      Promise.all([...this.#channels.values()].map((channel) => channel.opened)).then(() => {
        if (this.#state === 'over') return;
        this.#state = 'up';
        resolve();
      }, reject);
    });
  }

  #nativeState(state: string): void {
    // `disconnected` is followed by one of these, or heals.
    if (state === 'failed' || state === 'closed') {
      const wasUp = this.#state === 'up';
      this.#end(new CodedError('session.transport', 'no connection to the host could be made'));
      if (wasUp) this.#lost();
    }
    if (state === 'failed') setImmediate(() => this.#native.close());
    if (state !== 'closed') return;
    this.#gone();
    setImmediate(() => alive.delete(this));
  }

  #end(error: CodedError): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#alone);
    this.#failed(error);
    for (const channel of this.#channels.values()) channel.gone();
  }
}

const NO_VIDEO: MediaStats['video'] = {
  width: 0,
  height: 0,
  frames: 0,
  keyframes: 0,
  bytes: 0,
  packets: 0,
  packetsLost: 0,
  dropped: 0,
  delayMs: 0,
};

import { type Fingerprint, fingerprint, sdpFingerprint } from '@usher/protocol';
import { Audio, type DataChannel, PeerConnection, RtcpReceivingSession, type Track, Video } from 'node-datachannel';
import type { HostPeer } from '../src/webrtc/peer.ts';
import type { ContractChannel } from './peer-contract.ts';

export interface NativeViewerOptions {
  readonly video: readonly ('h264' | 'vp8' | 'av1')[];
  readonly audio: boolean;
}

/** A viewer on node-datachannel in this process, on loopback: it offers, takes the answer, opens channels and counts packets. */
export class NativeViewer {
  /** RTP packets by payload type, newest last, at most {@link MAX_PACKETS}. */
  readonly packets: Buffer[] = [];
  /** Resolves with the state that ends the attempt to connect. */
  readonly settled: Promise<'connected' | 'failed' | 'closed'>;
  readonly #native = new PeerConnection('viewer', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    disableAutoNegotiation: true,
    // Above the host's, so that a test can break the host's limit.
    maxMessageSize: 1024 * 1024,
  });
  readonly #ready: Promise<void>;
  readonly #kept: unknown[] = [];
  readonly #tracks: Track[] = [];
  readonly #packetListeners: (() => void)[] = [];

  constructor({ video, audio }: NativeViewerOptions) {
    this.settled = new Promise((resolve) => {
      this.#native.onStateChange((state) => {
        if (state === 'connected' || state === 'failed' || state === 'closed') resolve(state);
      });
    });
    // An offer needs a section. This channel also tells when the library has opened the channels that it had at the start: it opens
    // one that is created a moment earlier twice, and the other end closes a channel that is opened twice.
    const first = this.#native.createDataChannel('first', { negotiated: true, id: 1000 });
    this.#ready = new Promise((resolve) => first.onOpen(resolve));
    this.#kept.push(first);
    if (video.length > 0) this.#addVideo(video);
    if (audio) this.#addAudio();
  }

  get fingerprint(): Fingerprint {
    return sdpFingerprint(this.#native.localDescription()?.sdp ?? '');
  }

  remoteFingerprint(): Fingerprint {
    return fingerprint(this.#native.remoteFingerprint().value);
  }

  offer(): Promise<string> {
    return new Promise((resolve) => {
      this.#native.onLocalDescription((sdp) => resolve(sdp));
      this.#native.setLocalDescription('offer');
    });
  }

  /** Takes the answer and trickles candidates both ways. `change` plays somebody between the two. */
  async connect(peer: HostPeer, offerSdp: string, change: (answerSdp: string) => string = (sdp) => sdp): Promise<void> {
    this.#native.onLocalCandidate((candidate, mid) => peer.addCandidate(candidate, mid));
    peer.onCandidate((candidate, mid) => this.#addCandidate(candidate, mid));
    const answer = await peer.answer(offerSdp);
    // The viewer ignores the host's limit, so that a test can break it.
    const boundless = answer.sdp.replace(/a=max-message-size:\d+/, 'a=max-message-size:1048576');
    this.#native.setRemoteDescription(change(boundless), 'answer');
  }

  #addCandidate(candidate: string, mid: string): void {
    try {
      this.#native.addRemoteCandidate(candidate, mid);
    } catch {
      // It has failed meanwhile: `settled` tells.
    }
  }

  async open(label: string): Promise<ContractChannel> {
    await this.#ready;
    const native = this.#native.createDataChannel(label);
    const channel = new NativeViewerChannel(native);
    this.#kept.push(native);
    await channel.opened;
    return channel;
  }

  /** Resolves once `count` packets have come. */
  async received(count: number): Promise<void> {
    while (this.packets.length < count) await new Promise<void>((resolve) => this.#packetListeners.push(resolve));
  }

  requestKeyframe(): void {
    for (const track of this.#tracks) track.requestKeyframe();
  }

  /** An RTCP packet as it is. */
  sendRtcp(packet: Buffer): void {
    this.#tracks[0]?.sendMessageBinary(packet);
  }

  close(): void {
    this.#native.close();
    kept.push(this);
  }

  #addVideo(codecs: NativeViewerOptions['video']): void {
    const description = new Video('video', 'RecvOnly');
    for (const codec of codecs) {
      if (codec === 'h264') description.addH264Codec(102, 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1');
      else if (codec === 'vp8') description.addVP8Codec(96);
      else description.addAV1Codec(45);
    }
    this.#keepTrack(this.#native.addTrack(description), description);
  }

  #addAudio(): void {
    const description = new Audio('audio', 'RecvOnly');
    description.addOpusCodec(111);
    this.#keepTrack(this.#native.addTrack(description), description);
  }

  #keepTrack(track: Track, description: unknown): void {
    const receiving = new RtcpReceivingSession();
    track.setMediaHandler(receiving);
    track.onMessage((packet) => {
      if (this.packets.length < MAX_PACKETS) this.packets.push(packet);
      for (const listener of this.#packetListeners.splice(0)) listener();
    });
    this.#tracks.push(track);
    this.#kept.push(receiving, description);
  }
}

/** More than any test counts. */
const MAX_PACKETS = 10_000;
/** Native objects whose callbacks may still come; a test process is short. */
const kept: unknown[] = [];

class NativeViewerChannel implements ContractChannel {
  readonly opened: Promise<void>;
  readonly #native: DataChannel;
  readonly #received: Uint8Array[] = [];
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  constructor(native: DataChannel) {
    this.#native = native;
    native.onMessage((message) => {
      this.#received.push(typeof message === 'string' ? Buffer.from(message) : new Uint8Array(message));
      this.#wake();
    });
    this.opened = new Promise((resolve) => {
      native.onOpen(resolve);
      // It may have opened on another thread before it was listened to.
      if (native.isOpen()) resolve();
      native.onClosed(() => {
        this.#closed = true;
        this.#wake();
        resolve();
      });
    });
  }

  send(bytes: Uint8Array): boolean {
    if (this.#closed || !this.#native.isOpen()) return false;
    this.#native.sendMessageBinary(bytes);
    return true;
  }

  sendText(text: string): void {
    this.#native.sendMessage(text);
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.#received.length === 0) {
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#received.shift();
  }

  close(): void {
    this.#native.close();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

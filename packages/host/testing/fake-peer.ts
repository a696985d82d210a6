import {
  type AudioUnit,
  CodedError,
  displayFingerprint,
  type Fingerprint,
  fingerprint,
  type PeerPurpose,
  type VideoCodec,
  type VideoUnit,
} from '@usher/protocol';
import { Listeners } from '../src/listeners.ts';
import type { MediaSender, MediaStats } from '../src/media/media-sender.ts';
import { readCandidate } from '../src/webrtc/candidate.ts';
import { readOffer } from '../src/webrtc/offer.ts';
import {
  type HostPeer,
  MAX_CANDIDATES,
  MAX_CHANNEL_MESSAGE,
  MAX_CHANNELS,
  MAX_LABEL,
  type PeerAnswer,
  type PeerChannel,
  type PeerFactory,
  type PeerState,
} from '../src/webrtc/peer.ts';

/** The host's fingerprint in a fake answer. */
export const FAKE_HOST = fingerprint('aa'.repeat(32));

/** Makes {@link FakePeer}s and keeps them, in the order in which they were asked for. */
export class FakePeerFactory implements PeerFactory {
  readonly peers: FakePeer[] = [];

  create(options: { readonly purpose: PeerPurpose }): FakePeer {
    const peer = new FakePeer(options.purpose);
    this.peers.push(peer);
    return peer;
  }

  /** The peer that was made last. */
  get latest(): FakePeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new RangeError('no peer was made yet');
    return peer;
  }
}

/**
 * A peer connection in memory. The methods of `HostPeer` are the host's side; `connect`, `fail`, `leave` and `open` are the viewer's.
 * Held to `peer-contract.ts` like the real one.
 */
export class FakePeer implements HostPeer {
  readonly purpose: PeerPurpose;
  /** Candidates that the host was given. */
  readonly candidates: { readonly candidate: string; readonly mid: string }[] = [];
  readonly #onCandidate = new Listeners<[candidate: string, mid: string]>();
  readonly #onChannel = new Listeners<[channel: PeerChannel]>();
  readonly #onState = new Listeners<[state: PeerState]>();
  readonly #channels = new Set<FakeChannel>();
  #state: 'new' | PeerState = 'new';
  #media: FakeMediaSender | undefined;
  #remote: Fingerprint | undefined;

  constructor(purpose: PeerPurpose) {
    this.purpose = purpose;
  }

  get state(): 'new' | PeerState {
    return this.#state;
  }

  get media(): FakeMediaSender | undefined {
    return this.#media;
  }

  async answer(offerSdp: string): Promise<PeerAnswer> {
    if (this.#state === 'closed') throw new CodedError('session.transport', 'the connection is closed');
    if (this.#state !== 'new') throw new TypeError('answer() is called once');
    const { video, audio } = readOffer(offerSdp, this.purpose);
    if ((video ?? audio) !== undefined) this.#media = new FakeMediaSender(video?.codec);
    this.#enter('connecting');
    // Never before the caller has the answer.
    setImmediate(() => this.#onCandidate.tell('candidate:1 1 UDP 2122317823 127.0.0.1 9 typ host', '0'));
    return { sdp: fakeAnswer(), video: video?.codec, audio: audio !== undefined };
  }

  addCandidate(candidate: string, mid: string): void {
    if (this.#state !== 'closed' && readCandidate(candidate) !== undefined && this.candidates.length < MAX_CANDIDATES)
      this.candidates.push({ candidate, mid });
  }

  remoteFingerprint(): Fingerprint | undefined {
    return this.#remote;
  }

  onCandidate(listener: (candidate: string, mid: string) => void): void {
    this.#onCandidate.add(listener);
  }

  onChannel(listener: (channel: PeerChannel) => void): void {
    this.#onChannel.add(listener);
  }

  onState(listener: (state: PeerState) => void): void {
    this.#onState.add(listener);
  }

  close(): void {
    this.#enter('closed');
    for (const channel of this.#channels) channel.close();
  }

  /** The DTLS handshake ends: the viewer's certificate has this fingerprint, whatever the offer said. */
  connect(remote: Fingerprint): void {
    this.#remote = remote;
    this.#enter('connected');
  }

  /** ICE or DTLS fails: nothing more comes from this viewer. */
  fail(): void {
    this.#enter('failed');
    for (const channel of this.#channels) channel.close();
  }

  /** The viewer goes away. */
  leave(): void {
    this.close();
  }

  /** The viewer opens a channel and gets its end of it. */
  open(label: string): FakeViewerChannel {
    if (this.#state !== 'connected') throw new RangeError(`a viewer opens channels once it is connected, not ${this.#state}`);
    const viewer = new FakeViewerChannel(label);
    if (label.length > MAX_LABEL || this.#channels.size >= MAX_CHANNELS) {
      viewer.host.close();
      return viewer;
    }
    this.#channels.add(viewer.host);
    viewer.host.onClosed(() => this.#channels.delete(viewer.host));
    this.#onChannel.tellLater(viewer.host);
    return viewer;
  }

  #enter(state: PeerState): void {
    if (this.#state === 'closed' || this.#state === state) return;
    this.#state = state;
    this.#onState.tellLater(state);
  }
}

/** The viewer's end of a channel, as a test uses it. */
export class FakeViewerChannel {
  readonly host: FakeChannel;
  /** Every message of the host, oldest first. */
  readonly received: Uint8Array[] = [];
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(label: string) {
    this.host = new FakeChannel(label, {
      message: (bytes) => {
        this.received.push(bytes);
        this.#wake();
      },
      closed: () => this.#wake(),
    });
  }

  /** Tells the host's listeners. False where the channel is closed. */
  send(bytes: Uint8Array): boolean {
    return this.host.deliver(bytes);
  }

  /** The next message that `next` hasn't returned yet; undefined once the channel is closed and everything was returned. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#taken >= this.received.length) {
      if (this.host.isClosed) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#taken += 1;
    return this.received[this.#taken - 1];
  }

  close(): void {
    this.host.close();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The host's end of a channel. */
export class FakeChannel implements PeerChannel {
  readonly label: string;
  /** What `bufferedAmount` answers: a test sets it to play a viewer that stops reading. */
  buffered = 0;
  readonly #viewer: { message(bytes: Uint8Array): void; closed(): void };
  readonly #onMessage = new Listeners<[bytes: Uint8Array]>();
  readonly #onClosed = new Listeners<[]>();
  #closed = false;

  constructor(label: string, viewer: { message(bytes: Uint8Array): void; closed(): void }) {
    this.label = label;
    this.#viewer = viewer;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(bytes: Uint8Array): boolean {
    if (this.#closed) return false;
    const copy = bytes.slice();
    queueMicrotask(() => this.#viewer.message(copy));
    return true;
  }

  bufferedAmount(): number {
    return this.buffered;
  }

  onMessage(listener: (bytes: Uint8Array) => void): void {
    this.#onMessage.add(listener);
  }

  onClosed(listener: () => void): void {
    this.#onClosed.add(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed.tellLater();
    queueMicrotask(() => this.#viewer.closed());
  }

  /** A message of the viewer. */
  deliver(bytes: Uint8Array): boolean {
    if (this.#closed) return false;
    if (bytes.length > MAX_CHANNEL_MESSAGE) this.close();
    else this.#onMessage.tellLater(bytes.slice());
    return true;
  }
}

/** Keeps what was sent; `askForKeyframe` and `estimate` are the viewer's side. */
export class FakeMediaSender implements MediaSender {
  readonly codec: VideoCodec | undefined;
  readonly video: VideoUnit[] = [];
  readonly audio: AudioUnit[] = [];
  started = false;
  readonly #onKeyframeNeeded = new Listeners<[]>();
  readonly #onEstimate = new Listeners<[kbps: number]>();
  #stats: MediaStats = { lossFraction: 0, sentBytes: 0, estimateKbps: 2500 };
  #waitsForKey = true;

  constructor(codec: VideoCodec | undefined) {
    this.codec = codec;
  }

  sendVideo(unit: VideoUnit): void {
    if (!this.started || unit.codec !== this.codec || (this.#waitsForKey && !unit.key)) return;
    this.#waitsForKey = false;
    this.video.push(unit);
  }

  sendAudio(unit: AudioUnit): void {
    if (this.started) this.audio.push(unit);
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    if (this.codec !== undefined) this.#onKeyframeNeeded.tellLater();
  }

  onKeyframeNeeded(listener: () => void): void {
    this.#onKeyframeNeeded.add(listener);
  }

  onEstimate(listener: (kbps: number) => void): void {
    this.#onEstimate.add(listener);
  }

  stats(): MediaStats {
    return this.#stats;
  }

  /** The viewer's decoder lost track. */
  askForKeyframe(): void {
    this.#onKeyframeNeeded.tellLater();
  }

  /** The viewer's network takes this much from now on. */
  estimate(kbps: number): void {
    this.#stats = { ...this.#stats, estimateKbps: kbps };
    this.#onEstimate.tellLater(kbps);
  }
}

/** An offer as a browser writes it, cut to what an answer needs. */
export function fakeOffer(
  viewer: Fingerprint,
  { video = ['h264', 'vp8'], audio = true }: { readonly video?: readonly ('h264' | 'vp8' | 'av1')[]; readonly audio?: boolean } = {},
): string {
  const formats = { h264: 102, vp8: 96, av1: 45 };
  const maps = {
    h264: ['a=rtpmap:102 H264/90000', 'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'],
    vp8: ['a=rtpmap:96 VP8/90000'],
    av1: ['a=rtpmap:45 AV1/90000'],
  };
  const sections = [
    ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:0', 'a=sctp-port:5000'],
    ...(video.length === 0
      ? []
      : [[`m=video 9 UDP/TLS/RTP/SAVPF ${video.map((name) => formats[name]).join(' ')}`, 'a=mid:1', 'a=recvonly']]),
    ...video.map((name) => maps[name]),
    ...(audio ? [['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:2', 'a=recvonly', 'a=rtpmap:111 opus/48000/2']] : []),
  ];
  const transport = ['a=group:BUNDLE 0', 'a=setup:actpass', 'a=ice-ufrag:viewer', 'a=ice-pwd:0123456789abcdef012345'];
  return sdpLines([...SESSION, ...transport, `a=fingerprint:sha-256 ${displayFingerprint(viewer)}`, ...sections.flat()]);
}

const SESSION = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];

function fakeAnswer(): string {
  const fingerprintLine = `a=fingerprint:sha-256 ${displayFingerprint(FAKE_HOST)}`;
  return sdpLines([
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    fingerprintLine,
    'a=group:BUNDLE 0 1 2',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'a=mid:0',
  ]);
}

function sdpLines(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}

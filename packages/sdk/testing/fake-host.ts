import { CodedError, decodeViewerSignal, type Fingerprint, fingerprint, type HostSignal, type ViewerSignal } from '@usher/protocol';
import type { DeviceIdentity, PinnedHost, PinnedHosts } from '../src/viewer/identity.ts';
import { withPinned } from '../src/viewer/identity.ts';
import {
  CHANNELS,
  type MediaStats,
  type PeerOptions,
  type SignalSocket,
  type ViewerPeer,
  type ViewerPlatform,
} from '../src/viewer/peer.ts';
import { FakeChannel } from './fake-channel.ts';

export const HOST = fingerprint('aa'.repeat(32));
export const DEVICE = fingerprint('dd'.repeat(32));
export const STRANGER = fingerprint('ee'.repeat(32));
export const ORIGIN = 'https://host.test:9939';

/** The host's end of one viewer's conversation. */
export class Conversation {
  readonly #control: FakeChannel;
  readonly #heard: Uint8Array[] = [];
  #reader: ((bytes: Uint8Array) => void) | undefined;

  constructor(control: FakeChannel) {
    this.#control = control;
    control.onMessage((bytes) => {
      const reader = this.#reader;
      this.#reader = undefined;
      if (reader === undefined) this.#heard.push(bytes);
      else reader(bytes);
    });
  }

  hear(): Promise<Uint8Array> {
    const heard = this.#heard.shift();
    if (heard !== undefined) return Promise.resolve(heard);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  say(bytes: Uint8Array<ArrayBuffer>): void {
    this.#control.send(bytes);
  }

  hangUp(): void {
    this.#control.close();
  }
}

export interface FakeHostOptions {
  /** What the host does once the session's channels are up. */
  readonly talk?: (conversation: Conversation) => Promise<void>;
  readonly helloFingerprint?: Fingerprint;
  readonly answerFingerprint?: Fingerprint;
  /** What DTLS proves; null for a platform that can't tell. */
  readonly dtlsFingerprint?: Fingerprint | null;
  readonly version?: number;
  readonly codec?: 'H264' | 'VP8' | 'AV1';
  /** So many peer connections fail before one comes up. */
  readonly failingPeers?: number;
  /** Said instead of an answer. */
  readonly refusal?: Extract<HostSignal, { type: 'refused' }>;
  /** The socket closes instead of an answer. */
  readonly closesOnOffer?: boolean;
  /** Sent instead of the hello. */
  readonly rawHello?: string;
  readonly unreachable?: boolean;
}

/** A host in memory: signalling, peer connections and `control`, as a platform of the viewer sees them. */
export class FakeHost implements ViewerPlatform<string, FakePeer> {
  readonly signals: ViewerSignal[] = [];
  readonly peers: FakePeer[] = [];
  sockets = 0;
  openSockets = 0;
  readonly #sockets: FakeSocket[] = [];
  readonly #options: FakeHostOptions;
  #failing: number;

  constructor(options: FakeHostOptions = {}) {
    this.#options = options;
    this.#failing = options.failingPeers ?? 0;
  }

  openSocket(url: string): Promise<SignalSocket> {
    if (this.#options.unreachable) return Promise.reject(new CodedError('host.unreachable', `no answer from ${url}`));
    this.sockets += 1;
    this.openSockets += 1;
    const socket = new FakeSocket((text) => this.#signal(socket, decodeViewerSignal(text)));
    this.#sockets.push(socket);
    socket.onClose(() => {
      this.openSockets -= 1;
    });
    const { rawHello, helloFingerprint, version } = this.#options;
    const hello = { type: 'hello', version: version ?? 1, fingerprint: helloFingerprint ?? HOST, nonce: 'bm9uY2U=', iceServers: [] };
    socket.deliver(rawHello ?? JSON.stringify(hello));
    return Promise.resolve(socket);
  }

  createPeer(options: PeerOptions<string>): FakePeer {
    const fails = this.#failing > 0;
    this.#failing -= 1;
    const proven = this.#options.dtlsFingerprint === undefined ? HOST : (this.#options.dtlsFingerprint ?? undefined);
    const peer = new FakePeer(options, proven, fails, (control) => void this.#options.talk?.(new Conversation(control)));
    this.peers.push(peer);
    return peer;
  }

  /** The host closes every WebSocket; the peer connections stay. */
  closeSockets(): void {
    for (const socket of this.#sockets) socket.close();
  }

  #signal(socket: FakeSocket, signal: ViewerSignal): void {
    this.signals.push(signal);
    if (signal.type !== 'offer') return;
    const { refusal, closesOnOffer, answerFingerprint, codec } = this.#options;
    if (closesOnOffer) socket.close();
    else if (refusal !== undefined) socket.deliver(JSON.stringify(refusal));
    else {
      const sdp = sdpOf(answerFingerprint ?? HOST, codec ?? 'H264');
      // A candidate overtakes the answer, as trickling candidates do.
      socket.deliver(JSON.stringify({ type: 'candidate', peer: signal.peer, candidate: 'candidate:host', mid: '0' }));
      socket.deliver(JSON.stringify({ type: 'answer', peer: signal.peer, sdp }));
    }
  }
}

class FakeSocket implements SignalSocket {
  readonly #sent: (text: string) => void;
  readonly #closers: (() => void)[] = [];
  #onMessage: (text: string) => void = () => undefined;
  #closed = false;

  constructor(sent: (text: string) => void) {
    this.#sent = sent;
  }

  send(text: string): void {
    if (!this.#closed) queueMicrotask(() => this.#sent(text));
  }

  /** From the host's side. */
  deliver(text: string): void {
    queueMicrotask(() => queueMicrotask(() => this.#onMessage(text)));
  }

  onMessage(listener: (text: string) => void): void {
    this.#onMessage = listener;
  }

  onClose(listener: () => void): void {
    this.#closers.push(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const closer of this.#closers) closer();
  }
}

export class FakePeer implements ViewerPeer {
  readonly connected: Promise<void>;
  /** The host's ends of the channels. */
  readonly far = new Map<string, FakeChannel>();
  readonly candidates: string[] = [];
  readonly options: PeerOptions<string>;
  closed = false;
  answered = false;
  readonly #near = new Map<string, FakeChannel>();
  readonly #proven: Fingerprint | undefined;
  readonly #fails: boolean;
  readonly #up: (control: FakeChannel) => void;
  #settle: { resolve(): void; reject(error: CodedError): void } | undefined;

  constructor(options: PeerOptions<string>, proven: Fingerprint | undefined, fails: boolean, up: (control: FakeChannel) => void) {
    this.options = options;
    this.#proven = proven;
    this.#fails = fails;
    this.#up = up;
    for (const { label } of CHANNELS[options.purpose]) {
      const [near, far] = FakeChannel.pair();
      this.#near.set(label, near);
      this.far.set(label, far);
    }
    this.connected = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.connected.catch(() => undefined); // a peer that nobody waits for
  }

  offer(): Promise<string> {
    this.options.events.candidate('candidate:viewer', '0');
    return Promise.resolve(sdpOf(DEVICE, 'H264'));
  }

  answer(): Promise<void> {
    this.answered = true;
    if (this.#fails) {
      this.#settle?.reject(new CodedError('session.transport', 'DTLS failed'));
      return Promise.resolve();
    }
    const control = this.far.get('control');
    if (control !== undefined) this.#up(control);
    this.#settle?.resolve();
    return Promise.resolve();
  }

  addCandidate(candidate: string): void {
    if (!this.answered) throw new Error('a candidate before the answer');
    this.candidates.push(candidate);
  }

  channel(label: string): FakeChannel {
    const channel = this.#near.get(label);
    if (channel === undefined) throw new TypeError(`no channel ${label}`);
    return channel;
  }

  remoteFingerprint(): Promise<Fingerprint | undefined> {
    return Promise.resolve(this.#proven);
  }

  mediaStats(): Promise<MediaStats> {
    return Promise.resolve({
      video: { width: 1280, height: 720, frames: 3, keyframes: 1, bytes: 9000, packets: 9, packetsLost: 0, dropped: 0, delayMs: 12 },
      audio: { packets: 30, bytes: 2400, packetsLost: 0 },
    });
  }

  close(): void {
    this.closed = true;
  }

  /** The network is gone. */
  lose(): void {
    this.options.events.lost();
  }
}

/** A device in memory. */
export function fakeIdentity(pinned: readonly PinnedHost[] = []): DeviceIdentity<string> & { readonly signed: string[] } {
  const signed: string[] = [];
  return {
    certificate: 'certificate',
    publicKey: Uint8Array.of(1, 2, 3),
    signed,
    sign: (text) => {
      signed.push(text);
      return Promise.resolve(new Uint8Array(64));
    },
    hosts: new FakeHosts(pinned),
  };
}

class FakeHosts implements PinnedHosts {
  #hosts: readonly PinnedHost[];

  constructor(hosts: readonly PinnedHost[]) {
    this.#hosts = hosts;
  }

  list(): readonly PinnedHost[] {
    return this.#hosts;
  }

  find(origin: string): PinnedHost | undefined {
    return this.#hosts.find((host) => host.origin === origin);
  }

  pin(host: Parameters<PinnedHosts['pin']>[0]): Promise<void> {
    this.#hosts = withPinned(this.#hosts, host);
    return Promise.resolve();
  }

  forget(origin: string): Promise<void> {
    this.#hosts = this.#hosts.filter((host) => host.origin !== origin);
    return Promise.resolve();
  }
}

function sdpOf(of: Fingerprint, codec: string): string {
  const colons = (of.toUpperCase().match(/../g) ?? []).join(':');
  return [
    'v=0',
    `a=fingerprint:sha-256 ${colons}`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=rtpmap:111 opus/48000/2',
    'm=video 9 UDP/TLS/RTP/SAVPF 102 97',
    `a=rtpmap:102 ${codec}/90000`,
    'a=rtpmap:97 VP8/90000',
    '',
  ].join('\r\n');
}

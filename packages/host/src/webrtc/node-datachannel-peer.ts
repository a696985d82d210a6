import { CodedError, type Fingerprint, fingerprint, type IceServer, isCoded, type PeerPurpose } from '@usher/protocol';
import { type DataChannel, PeerConnection, type RtcConfig } from 'node-datachannel';
import { Listeners } from '../listeners.ts';
import { monotonicClock } from '../media/media-clock.ts';
import type { MediaSender } from '../media/media-sender.ts';
import { readCandidate } from './candidate.ts';
import { nativeIceServers } from './ice-servers.ts';
import { NodeDataChannelChannel } from './node-datachannel-channel.ts';
import { type NegotiatedMedia, negotiateMedia } from './node-datachannel-tracks.ts';
import { type Offer, readOffer } from './offer.ts';
import { nativeOffer } from './offer-text.ts';
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
} from './peer.ts';

export interface NodeDataChannelOptions {
  /** The host's certificate and its key, as PEM text: what viewers pin. */
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Asked for each connection: a relay's credential may be made for one. */
  readonly iceServers: () => readonly IceServer[];
  /** The one local address to use; all of them where it is absent. */
  readonly bindAddress?: string;
  /** UDP ports to use, both ends included; any where it is absent. */
  readonly udpPorts?: { readonly first: number; readonly last: number };
}

/** Makes peer connections on node-datachannel (libdatachannel). Traps of that library: facts, media §1.4–§1.6. */
export class NodeDataChannelPeers implements PeerFactory {
  readonly #config: Omit<RtcConfig, 'iceServers'>;
  readonly #iceServers: () => readonly IceServer[];

  /** @throws CodedError `config.invalid` for ICE servers that can't be read. */
  constructor({ certificatePem, keyPem, iceServers, bindAddress, udpPorts }: NodeDataChannelOptions) {
    nativeIceServers(iceServers());
    this.#iceServers = iceServers;
    this.#config = {
      certificatePemFile: certificatePem,
      keyPemFile: keyPem,
      // The host only ever answers; by itself the library would offer as soon as it has a track.
      disableAutoNegotiation: true,
      // The library cuts a longer message off without a word; one byte of room lets the channel see that it was too long.
      maxMessageSize: MAX_CHANNEL_MESSAGE + 1,
      ...(bindAddress === undefined ? {} : { bindAddress }),
      ...(udpPorts === undefined ? {} : { portRangeBegin: udpPorts.first, portRangeEnd: udpPorts.last }),
    };
  }

  create({ purpose }: { readonly purpose: PeerPurpose }): HostPeer {
    const config = { ...this.#config, iceServers: nativeIceServers(this.#iceServers()) };
    return new NodeDataChannelPeer(new PeerConnection(`viewer-${purpose}`, config), purpose);
  }
}

/** The library writes its answer within a few milliseconds. */
const ANSWER_TIMEOUT_MS = 5000;
/**
 * Between the host's `close` and the end of a connection: what was sent before still arrives. The library drops what it hasn't put on
 * the wire yet, and a viewer in Node drops what it hasn't read yet.
 */
const LINGER_MS = 250;

/**
 * Connections whose native side still lives. Its callbacks come from other threads and use the JavaScript object without holding it,
 * so that object must outlive the last of them, which is the one that tells `closed`.
 */
const alive = new Set<NodeDataChannelPeer>();

class NodeDataChannelPeer implements HostPeer {
  readonly #native: PeerConnection;
  readonly #purpose: PeerPurpose;
  readonly #onCandidate = new Listeners<[candidate: string, mid: string]>();
  readonly #onChannel = new Listeners<[channel: PeerChannel]>();
  readonly #onState = new Listeners<[state: PeerState]>();
  /** Those whose native side isn't closed yet. */
  readonly #channels = new Set<NodeDataChannelChannel>();
  #state: 'new' | PeerState = 'new';
  /** Holds the native track, which must not be forgotten while the connection lives. */
  #media: NegotiatedMedia | undefined;
  /** The viewer's candidates until the native side has its offer; undefined from then on. */
  #early: string[] | undefined = [];
  #candidates = 0;
  /** Any mid of the offer will do for candidates: all sections share one transport. */
  #mid = '';
  #abandonAnswer: (() => void) | undefined;

  constructor(native: PeerConnection, purpose: PeerPurpose) {
    this.#native = native;
    this.#purpose = purpose;
    alive.add(this);
    native.onStateChange((state) => this.#nativeState(state));
    native.onDataChannel((channel) => this.#nativeChannel(channel));
  }

  get media(): MediaSender | undefined {
    return this.#media?.sender;
  }

  async answer(offerSdp: string): Promise<PeerAnswer> {
    if (this.#state === 'closed') throw new CodedError('session.transport', 'the connection is closed');
    if (this.#state !== 'new') throw new TypeError('answer() is called once');
    const offer = readOffer(offerSdp, this.#purpose);
    this.#enter('connecting');
    return { sdp: await this.#describe(offer), video: offer.video?.codec, audio: offer.audio !== undefined };
  }

  addCandidate(candidate: string, _mid: string): void {
    const known = readCandidate(candidate);
    if (known === undefined || this.#isOver || this.#candidates >= MAX_CANDIDATES) return;
    this.#candidates += 1;
    if (this.#early !== undefined) this.#early.push(known);
    else this.#addNativeCandidate(known);
  }

  remoteFingerprint(): Fingerprint | undefined {
    if (this.#state !== 'connected') return undefined;
    const { algorithm, value } = this.#native.remoteFingerprint();
    return algorithm === 'sha-256' ? fingerprint(value) : undefined;
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
    if (this.#state === 'closed') return;
    const lingers = this.#channels.size > 0;
    this.#enter('closed');
    // Not from inside one of its own callbacks, which closing takes apart.
    if (lingers) setTimeout(() => this.#closeNative(), LINGER_MS);
    else setImmediate(() => this.#closeNative());
  }

  /** Gives the native side the offer and waits for its answer. */
  async #describe(offer: Offer): Promise<string> {
    const nativeAnswer = this.#nativeAnswer();
    // The viewer must have the answer before the first candidate: they wait for the turn after the answer's.
    // Under the mid of the section that carries the transport: Chromium passes over those of other bundled sections without a word.
    const mid = offer.sections[0]?.mid ?? '';
    this.#native.onLocalCandidate((candidate) => {
      nativeAnswer.then(
        () => setImmediate(() => this.#tellCandidate(candidate, mid)),
        () => undefined, // no answer, no candidates
      );
    });
    try {
      const media = negotiateMedia(this.#native, offer, monotonicClock);
      this.#media = media;
      this.#native.setRemoteDescription(nativeOffer(offer), 'offer');
      this.#native.setLocalDescription('answer');
      this.#mid = offer.data.mid;
      for (const candidate of [...offer.candidates, ...(this.#early ?? [])]) this.#addNativeCandidate(candidate);
      this.#early = undefined;
      return media.answer(await nativeAnswer);
    } catch (cause) {
      this.#abandonAnswer?.();
      throw isCoded(cause) ? cause : new CodedError('session.transport', 'the WebRTC library refused the offer', { cause });
    }
  }

  #nativeAnswer(): Promise<string> {
    return new Promise<string>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new CodedError('session.transport', 'no answer from the WebRTC library')), ANSWER_TIMEOUT_MS);
      this.#native.onLocalDescription((sdp) => {
        clearTimeout(timeout);
        resolve(sdp);
      });
      this.#abandonAnswer = () => {
        clearTimeout(timeout);
        reject(new CodedError('session.transport', 'the connection is closed'));
      };
    });
  }

  #tellCandidate(candidate: string, mid: string): void {
    // The library writes the SDP line; browsers take the value.
    if (!this.#isOver) this.#onCandidate.tell(candidate.replace(/^a=/, ''), mid);
  }

  #addNativeCandidate(candidate: string): void {
    try {
      this.#native.addRemoteCandidate(candidate, this.#mid);
    } catch {
      // The connection failed a moment ago on another thread; its state comes as an event of its own.
    }
  }

  #nativeChannel(native: DataChannel): void {
    // A channel opens only over a finished DTLS handshake, but its callback may overtake the one that says so.
    if (this.#state === 'connecting') this.#enter('connected');
    const channel = new NodeDataChannelChannel(native, () => this.#channels.delete(channel));
    this.#channels.add(channel);
    if (this.#isOver || this.#channels.size > MAX_CHANNELS || channel.label.length > MAX_LABEL) {
      channel.close();
      return;
    }
    // After the listeners that are told of the connection, which wait for the end of this turn.
    queueMicrotask(() => {
      this.#onChannel.tell(channel);
      channel.open();
    });
  }

  #nativeState(state: string): void {
    if (state === 'connected' || state === 'failed') this.#enter(state);
    // `disconnected` is followed by `closed`; only a viewer that said goodbye causes it.
    if (state !== 'closed') return;
    this.#enter('closed');
    setImmediate(() => {
      this.#closeNative();
      this.#channels.clear();
      alive.delete(this);
    });
  }

  #closeNative(): void {
    this.#media?.close();
    this.#native.close();
  }

  #enter(state: PeerState): void {
    if (this.#state === 'closed' || this.#state === state || (this.#state === 'failed' && state !== 'closed')) return;
    this.#state = state;
    this.#onState.tellLater(state);
    if (!this.#isOver) return;
    this.#media?.sender?.stop();
    this.#abandonAnswer?.();
    for (const channel of this.#channels) channel.gone();
  }

  get #isOver(): boolean {
    return this.#state === 'failed' || this.#state === 'closed';
  }
}

import { CodedError, type Fingerprint } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { MediaSender } from '../media/media-sender.ts';
import type { HostPeer, PeerAnswer, PeerChannel, PeerFactory } from '../webrtc/peer.ts';
import { ControlLine } from './control-line.ts';

/** The channels of input: ordered for what must arrive, unordered for motion (design §3). */
export type InputLabel = 'input' | 'pointer';

export interface SessionPeerEvents {
  candidate(candidate: string, mid: string): void;
  input(label: InputLabel, message: Uint8Array): void;
  /** The viewer has gone, or says what it mustn't. Nothing is closed by it. */
  problem(reason: CodedError): void;
}

/** A viewer's first peer connection: media down, and the channels `control`, `input` and `pointer`. */
export class SessionPeer {
  /** The DTLS handshake is done. */
  readonly connected: Promise<void>;
  /** The viewer has opened `control`. */
  readonly control: Promise<ControlLine>;
  readonly #peer: HostPeer;
  readonly #clock: Clock;
  readonly #events: SessionPeerEvents;
  readonly #labels = new Set<string>();
  #resolveControl: (line: ControlLine) => void = () => {};
  #line: ControlLine | undefined;
  #isConnected = false;
  /** The goodbye was said: whatever the viewer opens now comes too late. */
  #isOver = false;

  constructor(peers: PeerFactory, clock: Clock, events: SessionPeerEvents) {
    this.#peer = peers.create({ purpose: 'session' });
    this.#clock = clock;
    this.#events = events;
    this.control = new Promise((resolve) => {
      this.#resolveControl = resolve;
    });
    this.connected = new Promise((resolve) => {
      this.#peer.onState((state) => {
        if (state === 'failed' || state === 'closed') events.problem(new CodedError('session.transport', 'the connection was lost'));
        else if (state === 'connected') {
          this.#isConnected = true;
          resolve();
        }
      });
    });
    this.#peer.onCandidate((candidate, mid) => events.candidate(candidate, mid));
    this.#peer.onChannel((channel) => this.#opened(channel));
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  get media(): MediaSender | undefined {
    return this.#peer.media;
  }

  answer(sdp: string): Promise<PeerAnswer> {
    return this.#peer.answer(sdp);
  }

  addCandidate(candidate: string, mid: string): void {
    this.#peer.addCandidate(candidate, mid);
  }

  remoteFingerprint(): Fingerprint | undefined {
    return this.#peer.remoteFingerprint();
  }

  /** Says it over `control` and waits for the viewer to have read it; false where there is no `control` to say it over. */
  async sayGoodbye(message: Uint8Array): Promise<boolean> {
    this.#isOver = true;
    if (this.#line === undefined) return false;
    await this.#line.sayGoodbye(message);
    return true;
  }

  close(): void {
    this.#peer.close();
  }

  /** Channels that nobody knows, and second ones of a name, are closed. */
  #opened(channel: PeerChannel): void {
    const { label } = channel;
    if (this.#isOver || this.#labels.has(label)) {
      channel.close();
      return;
    }
    switch (label) {
      case 'control':
        this.#line = new ControlLine(channel, this.#clock, (problem) => this.#events.problem(problem));
        channel.onClosed(() => this.#events.problem(new CodedError('session.transport', 'the viewer closed control')));
        this.#resolveControl(this.#line);
        break;
      case 'input':
      case 'pointer':
        channel.onMessage((message) => this.#events.input(label, message));
        break;
      default:
        channel.close();
        return;
    }
    this.#labels.add(label);
  }
}

import { CodedError, type Fingerprint, sdpFingerprint } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { HostPeer, PeerChannel, PeerFactory } from '../webrtc/peer.ts';
import { Deadline } from './deadline.ts';

/** Like the session's own handshake (requirement P5.3). */
const CONNECTS_WITHIN_MS = 10_000;

export interface BulkPeerOptions {
  /** The session's device: a bulk connection with another certificate is somebody else's (design §4). */
  readonly device: Fingerprint;
  readonly peers: PeerFactory;
  readonly clock: Clock;
  /** The channel `usb`, called inside `onChannel`. */
  onUsb(channel: PeerChannel): void;
  onCandidate(candidate: string, mid: string): void;
  /** It is over, refused or lost. Called once, and not after `close`. */
  onGone(reason: CodedError): void;
}

/** A viewer's second peer connection, for what would starve its input on the first (design §4): the channel `usb`. */
export class BulkPeer {
  readonly #options: BulkPeerOptions;
  readonly #peer: HostPeer;
  readonly #deadline: Deadline;
  #usb: PeerChannel | undefined;
  #gone = false;

  constructor(options: BulkPeerOptions) {
    this.#options = options;
    this.#peer = options.peers.create({ purpose: 'bulk' });
    this.#deadline = new Deadline(options.clock, CONNECTS_WITHIN_MS, () =>
      this.#end(new CodedError('session.handshake-timeout', 'the bulk connection was not made in time')),
    );
    this.#peer.onCandidate((candidate, mid) => options.onCandidate(candidate, mid));
    this.#peer.onChannel((channel) => this.#opened(channel));
    this.#peer.onState((state) => {
      if (state === 'connected' && !this.#isSameDevice()) this.#end(strangersCertificate());
      else if (state === 'failed' || state === 'closed') this.#end(new CodedError('session.transport', 'the bulk connection was lost'));
    });
  }

  /** The answer's SDP. Rejects as {@link HostPeer.answer} does, and with `device.not-paired` for another certificate. */
  async answer(sdp: string): Promise<string> {
    this.#deadline.restart();
    if (sdpFingerprint(sdp) !== this.#options.device) throw strangersCertificate();
    return (await this.#peer.answer(sdp)).sdp;
  }

  addCandidate(candidate: string, mid: string): void {
    this.#peer.addCandidate(candidate, mid);
  }

  close(): void {
    this.#gone = true;
    this.#deadline.stop();
    this.#peer.close();
  }

  #opened(channel: PeerChannel): void {
    if (this.#gone || channel.label !== 'usb' || this.#usb !== undefined || !this.#isSameDevice()) {
      channel.close();
      return;
    }
    this.#deadline.stop();
    this.#usb = channel;
    channel.onClosed(() => {
      this.#usb = undefined; // the viewer may open it again
    });
    this.#options.onUsb(channel);
  }

  #isSameDevice(): boolean {
    return this.#peer.remoteFingerprint() === this.#options.device;
  }

  #end(reason: CodedError): void {
    if (this.#gone) return;
    this.close();
    this.#options.onGone(reason);
  }
}

function strangersCertificate(): CodedError {
  return new CodedError('device.not-paired', 'the bulk connection shows another certificate than the session');
}

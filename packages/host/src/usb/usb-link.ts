import {
  CodedError,
  encodeClosed,
  encodeFrame,
  encodeProtocolError,
  type Fingerprint,
  failureText,
  MAX_PAYLOAD,
  Op,
  type ProfileId,
} from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { PeerChannel } from '../webrtc/peer.ts';

/** Header and payload of the largest frame (U1.1). */
export const FRAME_MAX = 4 + MAX_PAYLOAD;
/** Bytes that may wait for the viewer: four claims with a full window of v2 each (2 MiB, rule U13), and a quarter as much for the rest. */
const WAITING_FOR_VIEWER_MAX = 10 * 1024 * 1024;
/** Bytes that may wait for the agent, by the same count. */
const WAITING_FOR_AGENT_MAX = 10 * 1024 * 1024;
/** Refusals a second: one for each frame that a person causes, and no loudspeaker for one who floods. */
const REFUSALS_PER_SECOND = 50;
/** Claims whose end the link must tell; an agent allows a viewer four. */
const CLAIMS_MAX = 64;

/** Who the viewer of a link is, on the host's word. */
export interface UsbViewer {
  readonly device: Fingerprint;
  readonly profile: ProfileId;
  readonly name: string;
}

/** Where a link's frames go. */
export interface UsbDestination {
  /** Why nothing is lent at the moment; undefined while an agent takes frames. */
  refusal(): CodedError | undefined;
  /** Hands a frame to the agent; `written` is called once it has left this process. */
  forward(link: UsbLink, frame: Uint8Array, written: () => void): void;
  /** The viewer's channel has gone. */
  gone(link: UsbLink): void;
}

/** One viewer's channel `usb`: frames pass through whole and unread, but for their length and the claims that they open and close. */
export class UsbLink {
  readonly viewer: UsbViewer;
  readonly #channel: PeerChannel;
  readonly #destination: UsbDestination;
  readonly #clock: Clock;
  readonly #claims = new Set<number>();
  #waitingForAgent = 0;
  #refusals = 0;
  #secondBeganMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(viewer: UsbViewer, channel: PeerChannel, destination: UsbDestination, clock: Clock) {
    this.viewer = viewer;
    this.#channel = channel;
    this.#destination = destination;
    this.#clock = clock;
    channel.onMessage((bytes) => this.#fromViewer(bytes));
    channel.onClosed(() => this.#close());
  }

  /** A frame of the agent. A viewer that doesn't read loses its link. */
  deliver(frame: Uint8Array): void {
    if (this.#closed) return;
    this.#noteClaim(frame);
    if (this.#channel.bufferedAmount() + frame.length > WAITING_FOR_VIEWER_MAX) {
      this.end(new CodedError('session.viewer-too-slow', 'the viewer does not read what its devices send'));
    } else this.#channel.send(frame);
  }

  /** What was lent is taken back; the link itself stays, for when lending is possible again. */
  withdraw(reason: CodedError): void {
    if (this.#closed) return;
    const error = failureText(reason);
    for (const claim of this.#claims) this.#say(Op.Closed, claim, encodeClosed({ ok: false, error }));
    this.#claims.clear();
    this.#waitingForAgent = 0;
    this.#say(Op.Error, 0, encodeProtocolError(error));
  }

  /** The link is over for good: the viewer is told why, and its channel closes. */
  end(reason: CodedError): void {
    if (this.#closed) return;
    this.withdraw(reason);
    this.#channel.close();
    this.#close();
  }

  #fromViewer(bytes: Uint8Array): void {
    if (this.#closed) return;
    const refusal = this.#destination.refusal();
    if (refusal !== undefined) this.#refuse(failureText(refusal));
    else if (bytes.length > FRAME_MAX) this.#refuse(`bad frame: payload ${bytes.length - 4} exceeds cap ${MAX_PAYLOAD}`);
    else if (this.#waitingForAgent + bytes.length > WAITING_FOR_AGENT_MAX) {
      this.end(new CodedError('usb.credit-exhausted', 'the viewer sends more than its credits allow'));
    } else this.#forward(bytes);
  }

  #forward(frame: Uint8Array): void {
    this.#waitingForAgent += frame.length;
    this.#destination.forward(this, frame, () => {
      this.#waitingForAgent = Math.max(0, this.#waitingForAgent - frame.length);
    });
  }

  #refuse(error: string): void {
    if (this.#clock.now() - this.#secondBeganMs >= 1000) {
      this.#secondBeganMs = this.#clock.now();
      this.#refusals = 0;
    }
    this.#refusals += 1;
    if (this.#refusals > REFUSALS_PER_SECOND || this.#channel.bufferedAmount() > WAITING_FOR_VIEWER_MAX) return;
    this.#say(Op.Error, 0, encodeProtocolError(error));
  }

  /** By the header alone: a claim begins with an OPENED that names it, and ends with its CLOSED (usb-wire §5.3, §5.8). */
  #noteClaim(frame: Uint8Array): void {
    const [op, , high = 0, low = 0] = frame;
    const claim = high * 256 + low;
    if (op === Op.Opened && claim !== 0 && this.#claims.size < CLAIMS_MAX) this.#claims.add(claim);
    else if (op === Op.Closed) this.#claims.delete(claim);
  }

  #say(op: Op, claim: number, payload: Uint8Array): void {
    this.#channel.send(encodeFrame({ op, flags: 0, claim, payload }));
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#destination.gone(this);
  }
}

import type { Fingerprint, IceServer, PeerPurpose } from '@usher/protocol';

/** The need that RTCPeerConnection fills in a page and libdatachannel in Node: one of a viewer's two connections. */
export interface ViewerPeer {
  /** Makes the offer and begins to gather candidates. Called once. */
  offer(): Promise<string>;
  /** Applies the host's answer. Called once. */
  answer(sdp: string): Promise<void>;
  /** A candidate that doesn't parse or comes too late is dropped: others remain. */
  addCandidate(candidate: string, mid: string): void;
  /** Settles once: resolves when DTLS and every channel are up, rejects with `session.transport` when that fails. */
  readonly connected: Promise<void>;
  /** One of the channels that the purpose names. */
  channel(label: string): PeerChannel;
  /** The certificate that DTLS proved; undefined where the platform holds it to the answer's SDP by itself and can't tell. */
  remoteFingerprint(): Promise<Fingerprint | undefined>;
  mediaStats(): Promise<MediaStats>;
  close(): void;
}

/** What a peer tells, from its creation on. */
interface PeerEvents {
  candidate(candidate: string, mid: string): void;
  /** The connection was up and is gone for good. */
  lost(): void;
}

/** An ordered, reliable pipe of whole messages, but for `pointer`. */
export interface PeerChannel {
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  /** Throws `session.transport` once the channel is closed. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** The one listener; set it before the offer, so that no message is missed. */
  onMessage(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void;
  onClose(listener: () => void): void;
}

export interface ChannelSpec {
  readonly label: string;
  readonly ordered: boolean;
  /** 0 = a lost message stays lost; undefined = resent until it arrives. */
  readonly maxRetransmits?: number;
}

/** The channels of each connection: design §3. Motion alone may be lost; everything that holds a state may not. */
export const CHANNELS: Readonly<Record<PeerPurpose, readonly ChannelSpec[]>> = {
  session: [
    { label: 'control', ordered: true },
    { label: 'input', ordered: true },
    { label: 'pointer', ordered: false, maxRetransmits: 0 },
  ],
  bulk: [{ label: 'usb', ordered: true }],
};

export interface PeerOptions<Certificate> {
  /** The session's peer receives video and sound too. */
  readonly purpose: PeerPurpose;
  readonly certificate: Certificate;
  readonly iceServers: readonly IceServer[];
  readonly events: PeerEvents;
}

/** The WebSocket to the host, whichever implementation. */
export interface SignalSocket {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** What differs between a page and Node. */
export interface ViewerPlatform<Certificate, Peer extends ViewerPeer> {
  /** Rejects with `host.unreachable`. */
  openSocket(url: string, signal: AbortSignal): Promise<SignalSocket>;
  createPeer(options: PeerOptions<Certificate>): Peer;
}

/** Counted from the start of the connection. */
export interface MediaStats {
  readonly video: {
    readonly width: number;
    readonly height: number;
    /** Whole pictures received. */
    readonly frames: number;
    readonly keyframes: number;
    readonly bytes: number;
    readonly packets: number;
    readonly packetsLost: number;
    /** Pictures that came too late or broken to be shown. */
    readonly dropped: number;
    /** Milliseconds that received pictures waited, summed; 0 where the platform doesn't tell. */
    readonly delayMs: number;
  };
  readonly audio: { readonly packets: number; readonly bytes: number; readonly packetsLost: number };
  /** Round trip of the selected candidate pair in milliseconds, where known. */
  readonly rttMs?: number;
}

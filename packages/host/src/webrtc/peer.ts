import type { Fingerprint, PeerPurpose, VideoCodec } from '@usher/protocol';
import type { MediaSender } from '../media/media-sender.ts';

/**
 * One WebRTC connection of a viewer, as the rest of the host sees it. The viewer offers, the host answers (design §3).
 *
 * Every listener is called in a turn of its own, never from inside the call that caused it. Register `onState`, `onChannel` and
 * `onCandidate` before {@link HostPeer.answer}: what happened earlier isn't told again.
 */

/** `failed` and `closed` are final; `closed` also follows the host's own {@link HostPeer.close}. Each is reported at most once. */
export type PeerState = 'connecting' | 'connected' | 'failed' | 'closed';

/** One DataChannel that the viewer opened. */
export interface PeerChannel {
  readonly label: string;
  /** False where the channel is closed, or the message is longer than the viewer takes; nothing was sent then. The bytes are copied. */
  send(bytes: Uint8Array): boolean;
  /** Bytes that were sent but haven't left yet. The caller bounds it. */
  bufferedAmount(): number;
  /**
   * Register inside the `onChannel` listener: messages are kept only until that listener returns.
   *
   * Nothing that Usher says is text. A text message is delivered as its UTF-8 bytes, so that the decoder above refuses it with a
   * typed error, as it refuses every other malformed message. A message above {@link MAX_CHANNEL_MESSAGE} closes the channel.
   */
  onMessage(listener: (bytes: Uint8Array) => void): void;
  /** Called once: closed by either side, or gone with its connection. */
  onClosed(listener: () => void): void;
  /** Idempotent. */
  close(): void;
}

export interface PeerAnswer {
  readonly sdp: string;
  /** The codec that this viewer takes; undefined where the offer has no video. */
  readonly video: VideoCodec | undefined;
  readonly audio: boolean;
}

export interface HostPeer {
  /**
   * Call once. Picks H.264 constrained baseline with packetization-mode 1 where it is offered, else VP8.
   *
   * Rejects with `session.no-codec` for video with neither, with `message.malformed` for an SDP that isn't an offer of ours (too long,
   * several sections of a kind, media in a bulk offer), with `session.transport` where the connection was closed meanwhile.
   */
  answer(offerSdp: string): Promise<PeerAnswer>;
  /** Candidates may come before the answer. Those that can't be read, and those beyond {@link MAX_CANDIDATES}, are ignored. */
  addCandidate(candidate: string, mid: string): void;
  /** After the answer, where video or audio was negotiated. */
  readonly media: MediaSender | undefined;
  /** The viewer's certificate as the finished DTLS handshake proved it; undefined before `connected`. */
  remoteFingerprint(): Fingerprint | undefined;
  onCandidate(listener: (candidate: string, mid: string) => void): void;
  /** A channel that is open. Labels have at most {@link MAX_LABEL} characters; an unknown label is for the caller to close. */
  onChannel(listener: (channel: PeerChannel) => void): void;
  onState(listener: (state: PeerState) => void): void;
  /** Idempotent, never throws. Closes the channels too. */
  close(): void;
}

export interface PeerFactory {
  create(options: { readonly purpose: PeerPurpose }): HostPeer;
}

/** Largest message taken on a channel: the largest control message is 96 KiB, a USB frame is far below (rules C2, F3). */
export const MAX_CHANNEL_MESSAGE = 128 * 1024;
/** Channels of one connection: a session has three, a bulk connection two; more are closed as they open. */
export const MAX_CHANNELS = 8;
/** Longest label; ours are single short words. */
export const MAX_LABEL = 32;
/** Candidates of one viewer: a machine with many interfaces, IPv4 and IPv6, host and relayed, has a few dozen. */
export const MAX_CANDIDATES = 64;

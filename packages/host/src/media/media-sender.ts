import type { AudioUnit, VideoUnit } from '@usher/protocol';

/** Sends one viewer's picture and sound. Units are shared between viewers and never changed. */
export interface MediaSender {
  /** Dropped before {@link start}, where this viewer takes another codec, and until a key frame where the decoder lacks one. */
  sendVideo(unit: VideoUnit): void;
  sendAudio(unit: AudioUnit): void;
  /** Nothing leaves before. Asks for a key frame. */
  start(): void;
  /** The viewer's decoder asked for one (PLI, FIR), or this sender knows that it needs one. At most one call every 100 ms. */
  onKeyframeNeeded(listener: () => void): void;
  /** What this viewer's network takes now; called when it changed by more than 5 %. */
  onEstimate(listener: (kbps: number) => void): void;
  stats(): MediaStats;
}

export interface MediaStats {
  /** Smoothed round trip in milliseconds; absent until measured. */
  readonly rttMs?: number;
  /** Share of packets that the viewer missed in its last report, 0…1. */
  readonly lossFraction: number;
  /** RTP bytes of picture and sound, resent ones included. */
  readonly sentBytes: number;
  readonly estimateKbps: number;
}

import type { SessionStats } from './session.ts';

/** What an overlay shows (requirement P9.4): two samples of the statistics as rates between them. */
export interface SessionRates {
  readonly kilobitsPerSecond: number;
  readonly framesPerSecond: number;
  /** 0…1 of the packets that should have come. */
  readonly loss: number;
  /** Milliseconds that a picture waited in the viewer on average; undefined where none came. */
  readonly frameDelayMs: number | undefined;
}

export function ratesBetween(before: SessionStats, after: SessionStats): SessionRates {
  const seconds = Math.max(after.atMs - before.atMs, 1) / 1000;
  const frames = after.video.frames - before.video.frames;
  const packets = after.video.packets - before.video.packets;
  const lost = Math.max(0, after.video.packetsLost - before.video.packetsLost); // late packets make the counter fall
  const bytes = after.video.bytes - before.video.bytes + after.audio.bytes - before.audio.bytes;
  return {
    kilobitsPerSecond: (bytes * 8) / 1000 / seconds,
    framesPerSecond: frames / seconds,
    loss: packets + lost === 0 ? 0 : lost / (packets + lost),
    frameDelayMs: frames <= 0 ? undefined : (after.video.delayMs - before.video.delayMs) / frames,
  };
}

import type { Mode } from '@usher/sdk';

/** The host's own limits (rule C5 of the protocol); it would answer with these anyway. */
const LIMITS = { minWidth: 320, minHeight: 200, maxWidth: 3840, maxHeight: 2160 } as const;
const REFRESH_HZ = 60;
/**
 * A session's desktop draws its letters for about 96 pixels an inch. Every pixel of a dense screen would make them too small to read;
 * half as many again is still comfortable, and sharper.
 */
const MAX_DENSITY = 1.5;
/** A desktop that is narrower than this on its shorter side can't show its own windows: a phone gets more pixels instead. */
const SHORT_SIDE = 600;

/** The size to ask for, from the size of the window in CSS pixels and its devicePixelRatio: even, within the limits, in the window's shape. */
export function wantedMode(cssWidth: number, cssHeight: number, devicePixelRatio: number): Mode {
  const [width, height] = [Math.max(cssWidth, 1), Math.max(cssHeight, 1)];
  const density = Math.max(devicePixelRatio, 1);
  const forShortSide = SHORT_SIDE / Math.min(width, height);
  const wished = Math.min(Math.max(Math.min(density, MAX_DENSITY), forShortSide), Math.max(density, MAX_DENSITY));
  const scale = Math.min(wished, LIMITS.maxWidth / width, LIMITS.maxHeight / height);
  return {
    width: even(clamp(width * scale, LIMITS.minWidth, LIMITS.maxWidth)),
    height: even(clamp(height * scale, LIMITS.minHeight, LIMITS.maxHeight)),
    refreshHz: REFRESH_HZ,
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

/** Chroma is sampled every other pixel, so encoders take even sizes. The epsilon undoes 599.9999 of a division. */
function even(value: number): number {
  return Math.floor((value + 1e-6) / 2) * 2;
}

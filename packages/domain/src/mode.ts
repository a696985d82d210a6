import type { Mode } from '@usher/protocol';

/** The sizes a desktop is opened in: below, no window fits; above, one core can't encode it (requirement P7.3). */
export const MODE_LIMITS = { minWidth: 320, minHeight: 200, maxWidth: 3840, maxHeight: 2160, maxRefreshHz: 60 } as const;

/** Largest side that is a wish rather than noise: the largest that display servers know. */
const PLAUSIBLE = 16_384;

/** Whether these numbers can be a wish at all. Zero is what a page sends while its window has no size. */
export function isPlausibleMode(mode: Mode): boolean {
  return mode.width >= 1 && mode.height >= 1 && mode.width <= PLAUSIBLE && mode.height <= PLAUSIBLE;
}

/**
 * The mode that a wish leads to: clamped to {@link MODE_LIMITS}, sides even because 4:2:0 pictures have no odd ones.
 * A refresh of 0 leaves it to the host.
 */
export function clampMode(wish: Mode): Mode {
  return {
    width: even(clamp(wish.width, MODE_LIMITS.minWidth, MODE_LIMITS.maxWidth)),
    height: even(clamp(wish.height, MODE_LIMITS.minHeight, MODE_LIMITS.maxHeight)),
    refreshHz: wish.refreshHz === 0 ? MODE_LIMITS.maxRefreshHz : clamp(wish.refreshHz, 1, MODE_LIMITS.maxRefreshHz),
  };
}

export function sameMode(one: Mode, other: Mode): boolean {
  return one.width === other.width && one.height === other.height && one.refreshHz === other.refreshHz;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

function even(value: number): number {
  return value - (value % 2);
}

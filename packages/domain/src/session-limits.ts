import type { Mode } from '@usher/protocol';
import { clampMode } from './mode.ts';
import type { SessionDefaults } from './profile.ts';

/**
 * The mode that a wish leads to within the profile's limits and the host's own (requirement P5.5). Held at Hello and at every
 * Reconfigure, so nobody gets past a limit by asking again.
 */
export function limitMode(wish: Mode, limits: SessionDefaults): Mode {
  const refreshHz = wish.refreshHz === 0 ? (limits.max_refresh_hz ?? 0) : atMost(wish.refreshHz, limits.max_refresh_hz);
  return clampMode({ width: atMost(wish.width, limits.max_width), height: atMost(wish.height, limits.max_height), refreshHz });
}

/** Kilobits a second; 0 leaves it to the host, which then keeps to the profile's limit, if there is one. */
export function limitKbps(wish: number, limits: SessionDefaults): number {
  return wish === 0 ? (limits.max_bitrate_kbps ?? 0) : atMost(wish, limits.max_bitrate_kbps);
}

function atMost(value: number, limit: number | undefined): number {
  return limit === undefined ? value : Math.min(value, limit);
}

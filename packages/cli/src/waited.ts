import { setTimeout as after } from 'node:timers/promises';

/** Waits so long; false where the signal came first. */
export async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await after(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false; // only the signal ends it early
  }
}

import type { Fingerprint } from '@usher/protocol';
import { accountKey, type Profile } from './profile.ts';

/** Who wants a seat, or has one. `Holder` is whatever the session is to its owner. */
export interface Occupant<Holder> {
  readonly profile: Profile;
  readonly device: Fingerprint;
  /** Whether the device is assigned to the profile. */
  readonly assigned: boolean;
  readonly holder: Holder;
}

export type SeatVerdict<Holder> =
  /** The operator's desktop: everybody who is let in may be there. */
  | { readonly outcome: 'shared' }
  | { readonly outcome: 'seated' }
  /** Seated in the place of another session, which its owner has to end. */
  | { readonly outcome: 'taken-over'; readonly from: Occupant<Holder> }
  | { readonly outcome: 'occupied'; readonly by: Occupant<Holder> };

/**
 * Which session holds which seat, keyed by the OS account and not by the profile (requirement P6.6): two sessions in one account would
 * share its runtime directory, and each other's windows.
 */
export class Occupancy<Holder> {
  readonly #seats = new Map<string, Occupant<Holder>>();

  enter(newcomer: Occupant<Holder>): SeatVerdict<Holder> {
    const account = accountKey(newcomer.profile.os_account);
    if (account === undefined) return { outcome: 'shared' };
    const sitting = this.#seats.get(account);
    if (sitting !== undefined && !mayTakeOver(newcomer, sitting)) return { outcome: 'occupied', by: sitting };
    this.#seats.set(account, newcomer);
    return sitting === undefined ? { outcome: 'seated' } : { outcome: 'taken-over', from: sitting };
  }

  /** Idempotent; the one that was taken over leaves nothing. */
  leave(holder: Holder): void {
    for (const [account, occupant] of this.#seats) if (occupant.holder === holder) this.#seats.delete(account);
  }

  list(): readonly Occupant<Holder>[] {
    return [...this.#seats.values()];
  }
}

/** The same device comes back to its own session; another device of the profile where the profile allows it (gap G13). */
function mayTakeOver(newcomer: Occupant<unknown>, sitting: Occupant<unknown>): boolean {
  if (newcomer.profile.id !== sitting.profile.id) return false;
  return newcomer.device === sitting.device || (newcomer.assigned && newcomer.profile.allow_takeover);
}

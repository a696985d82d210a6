import type { Fingerprint, ProfileEntry, ProfileId } from '@usher/protocol';
import type { Profile } from './profile.ts';
import { homeOf, placeOf, type Roster } from './roster.ts';

/** How a device came to a profile. */
export type ResolvedVia = 'assigned' | 'default' | 'selected';

/** What the roster says to a device and its wish. A passcode isn't seen here: what it can't see it can't leak. */
export type Resolution =
  | { readonly outcome: 'granted'; readonly profile: Profile; readonly via: ResolvedVia }
  /** Granted once the passcode is right. A profile that asks for one and has none lets nobody in. */
  | { readonly outcome: 'challenge'; readonly profile: Profile; readonly via: ResolvedVia }
  | { readonly outcome: 'denied'; readonly reason: 'not-permitted' | 'unknown-profile' };

/**
 * The authority table (requirement P3.1, profiles design §4.5). `requested` is what the viewer wrote, undefined where it left the choice
 * to the host. Naming the profile in which one would land anyway is the same as naming none: a viewer names what its last Welcome said.
 */
export function resolve(roster: Roster, device: Fingerprint, requested?: string): Resolution {
  const place = placeOf(roster, device);
  const profile = requested === undefined || requested === place.id ? place : findProfile(roster, requested);
  if (profile === undefined) return { outcome: 'denied', reason: 'unknown-profile' };

  const assigned = homeOf(roster, device)?.id === profile.id;
  const via = viaOf(assigned, profile.id === place.id);
  const isOpen = profile.passcode === undefined && !profile.allow_shared_view;
  if (via === 'selected' && isOpen) return { outcome: 'denied', reason: 'not-permitted' };
  return { outcome: asksPasscode(profile, assigned) ? 'challenge' : 'granted', profile, via };
}

/** What this device may pick: each profile that {@link resolve} wouldn't deny it, its own place first (requirement P3.4). */
export function pickableProfiles(roster: Roster, device: Fingerprint): readonly ProfileEntry[] {
  const place = placeOf(roster, device);
  const candidates = [place, ...[...roster.profiles.values()].filter(({ id }) => id !== place.id)];
  return candidates.flatMap((candidate) => {
    const resolution = resolve(roster, device, candidate.id);
    return resolution.outcome === 'denied' ? [] : [entryOf(candidate, resolution.outcome === 'challenge', candidate.id === place.id)];
  });
}

function findProfile(roster: Roster, requested: string): Profile | undefined {
  return roster.profiles.get(requested as ProfileId); // a key that is no profile id is in no roster
}

function viaOf(assigned: boolean, isPlace: boolean): ResolvedVia {
  if (assigned) return 'assigned';
  return isPlace ? 'default' : 'selected';
}

/** An assigned device is asked only where the operator wants even that; everybody else wherever there is a passcode. */
function asksPasscode(profile: Profile, assigned: boolean): boolean {
  return profile.require_passcode_even_when_assigned || (profile.passcode !== undefined && !assigned);
}

function entryOf(profile: Profile, passcodeRequired: boolean, assigned: boolean): ProfileEntry {
  return {
    id: profile.id,
    displayName: profile.display_name,
    accent: profile.accent ?? '',
    avatar: profile.avatar ?? '',
    passcodeRequired,
    assigned,
  };
}

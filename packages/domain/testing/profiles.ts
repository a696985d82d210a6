import { type Fingerprint, fingerprint, type ProfileId, profileId, Reader } from '@usher/protocol';
import type { Profile } from '../src/profile.ts';
import { readProfileInput } from '../src/profile-document.ts';

/** Profiles for tests: whole ones, with what matters given. */
export function profile(overrides: Partial<Profile> = {}): Profile {
  const input = readProfileInput(Reader.of({ display_name: 'Kids', os_account: { kind: 'operator' } }, 'profile'));
  return { ...input, id: id(1), created_unix: 1, updated_unix: 1, ...overrides };
}

/** A hash that no test ever verifies. */
export const SOME_PASSCODE = { phc: '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA' };

export function id(number: number): ProfileId {
  return profileId(number.toString(16).padStart(12, '0'));
}

export function phone(number: number): Fingerprint {
  return fingerprint(number.toString(16).padStart(64, '0'));
}

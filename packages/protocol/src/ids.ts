import { CodedError } from './errors.ts';

declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** Lowercase hex SHA-256 of a device's (or the host's) DTLS certificate: 64 digits. */
export type Fingerprint = Brand<'Fingerprint'>;
/** Twelve lowercase hex digits, or `operator` (requirement P1.4). */
export type ProfileId = Brand<'ProfileId'>;
/** Sixteen lowercase hex digits, made by the host for each placed viewer. */
export type SessionId = Brand<'SessionId'>;

/** The built-in profile: the owner of the host. */
export const OPERATOR = 'operator' as ProfileId; // matches the grammar below

/** Reads a fingerprint in any case, with or without the colons that SDP puts between the bytes. */
export function fingerprint(text: string): Fingerprint {
  if (!/^([0-9a-f]{64}|[0-9a-f]{2}(:[0-9a-f]{2}){31})$/i.test(text)) {
    throw new CodedError('message.malformed', 'a fingerprint is 64 hex digits');
  }
  return text.replaceAll(':', '').toLowerCase() as Fingerprint; // checked above
}

export function profileId(text: string): ProfileId {
  if (text !== OPERATOR && !/^[0-9a-f]{12}$/.test(text)) {
    throw new CodedError('message.malformed', 'a profile id is 12 lowercase hex digits or "operator"');
  }
  return text as ProfileId; // checked above
}

export function sessionId(text: string): SessionId {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new CodedError('message.malformed', 'a session id is 16 lowercase hex digits');
  return text as SessionId; // checked above
}

/** The first eight digits: what logs and pages show. */
export function shortFingerprint(full: Fingerprint): string {
  return full.slice(0, 8);
}

/** As certificates print it: upper case, colons between the bytes. */
export function displayFingerprint(full: Fingerprint): string {
  return full.toUpperCase().replaceAll(/..(?=.)/g, '$&:');
}

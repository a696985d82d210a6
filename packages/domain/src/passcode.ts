import { CodedError } from '@usher/protocol';
import type { OsAccount } from './profile.ts';

const LENGTH_MIN = 4;
/** Characters, and what ProfileUnlock carries in bytes. */
const LENGTH_MAX = 64;
/** A passcode that wraps a Windows credential can be guessed offline by whoever has the disk, so it must be harder (requirement P1.6). */
const WRAPPING_MIN = 6;

/**
 * Checks a new passcode, as UTF-8 bytes so that it never becomes a text that can't be wiped (requirement P2.4).
 *
 * @throws CodedError `message.malformed`, which never quotes it.
 */
export function checkPasscode(passcode: Uint8Array, account: OsAccount): void {
  const characters = passcode.filter((byte) => (byte & 0xc0) !== 0x80).length; // UTF-8 continues with 10xxxxxx
  if (characters < LENGTH_MIN || passcode.length > LENGTH_MAX) {
    throw refused(`a passcode has ${LENGTH_MIN} to ${LENGTH_MAX} characters`);
  }
  if (passcode.some((byte) => byte < 0x20 || byte === 0x7f)) throw refused('a passcode has no line breaks or control characters');
  if (!wrapsCredential(account)) return;
  const hasLetter = passcode.some((byte) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte >= 0x80);
  const hasDigit = passcode.some((byte) => byte >= 0x30 && byte <= 0x39);
  if (characters < WRAPPING_MIN || !hasLetter || !hasDigit) {
    throw refused(`a passcode that protects a Windows password has at least ${WRAPPING_MIN} characters, letters and digits among them`);
  }
}

function wrapsCredential(account: OsAccount): boolean {
  return account.kind === 'windows' && account.credential.source === 'dpapi_blob';
}

function refused(message: string): CodedError {
  return new CodedError('message.malformed', message);
}

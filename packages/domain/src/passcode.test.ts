import { utf8 } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { checkPasscode } from './passcode.ts';
import type { OsAccount } from './profile.ts';

const OPERATOR: OsAccount = { kind: 'operator' };
const SEALED: OsAccount = { kind: 'windows', account_name: 'kid', credential: { source: 'dpapi_blob', path: 'cred/000000000001.bin' } };
const UNSEALED: OsAccount = { kind: 'windows', account_name: 'kid', credential: { source: 'none' } };

describe('a new passcode (requirement P1.6)', () => {
  it.each([
    ['4711', OPERATOR],
    ['x'.repeat(64), OPERATOR],
    ['äöüß', OPERATOR],
    ['4711', UNSEALED],
    ['abc123', SEALED],
    ['ü12345', SEALED],
  ] as const)('P1.6: "%s" is taken for %j', (passcode, account) => {
    expect(() => checkPasscode(utf8(passcode), account)).not.toThrow();
  });

  it.each([
    ['', OPERATOR],
    ['471', OPERATOR],
    ['äöü', OPERATOR],
    ['x'.repeat(65), OPERATOR],
    ['ä'.repeat(33), OPERATOR],
    ['4711\n', OPERATOR],
    ['47\u007f11', OPERATOR],
    ['abc12', SEALED],
    ['123456', SEALED],
    ['abcdef', SEALED],
  ] as const)('P1.6: "%s" is refused for %j, without quoting it', (passcode, account) => {
    let message = '';
    try {
      checkPasscode(utf8(passcode), account);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('passcode');
    if (passcode !== '') expect(message).not.toContain(passcode);
  });
});

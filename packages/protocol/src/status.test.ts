import { describe, expect, it } from 'vitest';
import { RejectReason } from './control/profiles.ts';
import { ERRORS, isErrorCode } from './errors.ts';
import { Status, statusOfCode, statusOfReject } from './status.ts';

describe('status', () => {
  // Profiles design §5.2: which number each reject reason becomes.
  it.each([
    ['PasscodeRequired', -11],
    ['WrongPasscode', -11],
    ['LockedOut', -11],
    ['NotFound', -12],
    ['NotPermitted', -12],
    ['NeedsSelection', -12],
    ['Occupied', -13],
    ['SessionUnavailable', -14],
    ['NeedsIsolation', -15],
  ] as const)('C11: %s is %i', (reason, number) => {
    expect(Status[statusOfReject(RejectReason[reason])]).toBe(number);
  });

  it('C11: no reason is without a number', () => {
    for (const reason of Object.values(RejectReason)) expect(Object.keys(Status)).toContain(statusOfReject(reason));
  });

  it.each([
    ['message.malformed', 'BadPacket'],
    ['session.handshake-timeout', 'Timeout'],
    ['pairing.not-armed', 'NotArmed'],
    ['pairing.cooling-down', 'RateLimited'],
    ['device.not-paired', 'IdentityRequired'],
    ['device.denied', 'Denied'],
    ['device.knock-expired', 'ApprovalTimeout'],
    ['session.limit', 'Busy'],
    ['store.write-failed', 'Io'],
    ['internal', 'Panic'],
  ] as const)('C16: %s is %s', (code, name) => {
    expect(statusOfCode(code)).toBe(name);
  });

  it('C16: every code has a status, and no failure is Ok', () => {
    for (const code of Object.keys(ERRORS).filter(isErrorCode)) expect(Status[statusOfCode(code)]).toBeLessThan(0);
  });
});

import { type ProfileReject, RejectReason, UnavailableDetail } from '@usher/protocol';
import { ProfileRejected } from '../profile-rejected.ts';

/** What a refused handshake says (rule C11): why, and what the person can do. */

/** The same words whether the profile exists or not: they must not tell (gap G11). */
export function notFound(): ProfileRejected {
  return rejected(RejectReason.NotFound, 'this host has no such profile for this device');
}

export function passcodeRequired(): ProfileRejected {
  return rejected(RejectReason.PasscodeRequired, 'this profile asks for its passcode');
}

export function wrongPasscode(retrySeconds: number): ProfileRejected {
  return rejected(RejectReason.WrongPasscode, 'the passcode is wrong', retrySeconds);
}

export function lockedOut(retrySeconds: number, because: 'device' | 'ceiling'): ProfileRejected {
  const message =
    because === 'device'
      ? 'this device has tried wrong passcodes and has to wait'
      : 'too many wrong passcodes for this profile today; ask the operator of the host';
  return rejected(RejectReason.LockedOut, message, retrySeconds);
}

export function occupied(profileName: string, deviceName: string): ProfileRejected {
  return rejected(RejectReason.Occupied, `“${profileName}” is in use on ${deviceName}; end it there, or ask the operator to`);
}

export function busy(retrySeconds: number): ProfileRejected {
  return new ProfileRejected({
    reason: RejectReason.SessionUnavailable,
    detail: UnavailableDetail.Busy,
    retrySeconds,
    message: 'the host is checking many passcodes; try again in a moment',
  });
}

function rejected(reason: ProfileReject['reason'], message: string, retrySeconds = 0): ProfileRejected {
  return new ProfileRejected({ reason, detail: UnavailableDetail.None, retrySeconds, message });
}

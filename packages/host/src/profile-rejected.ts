import { CodedError, type ProfileReject } from '@usher/protocol';

/** A handshake that was refused with a ProfileReject, which says more than SessionEnded (design §3, G2). */
export class ProfileRejected extends CodedError {
  readonly reject: ProfileReject;

  constructor(reject: ProfileReject) {
    super('profile.rejected', reject.message);
    this.reject = reject;
  }
}

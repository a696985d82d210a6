import type { Profile } from '@usher/domain';
import { type ProfileReject, RejectReason, UnavailableDetail } from '@usher/protocol';

/** Whether this machine can open a desktop in another account than the operator's (requirement P6.4). */
export interface Isolation {
  /** Why not, for the viewer; undefined where it can. Asked for profiles outside the operator's account only. */
  refusal(profile: Profile): ProfileReject | undefined;
}

/** A host without the broker opens nobody's account but the operator's. */
export const NO_BROKER: Isolation = {
  refusal: ({ display_name }) => ({
    reason: RejectReason.SessionUnavailable,
    detail: UnavailableDetail.NoBroker,
    retrySeconds: 0,
    message: `“${display_name}” has an account of its own, and this host can't open it: the Usher broker isn't running. The operator has to install and start it.`,
  }),
};

import { type AccountName, type BrokerRefusal, type ProfileReject, RejectReason, UnavailableDetail } from '@usher/protocol';
import { ProfileRejected } from '../profile-rejected.ts';
import type { Person } from './person.ts';

/** Seconds after which a session that is ending has ended (rule B7), and a broker that was busy may have a place. */
const BUSY_SECONDS = { ending: 2, full: 30 } as const;

/** What the host can't do for a profile, said to whoever wanted in: why, and the command that mends it (requirement P6.4). */

export function noBroker(profileName: string, problem: string): ProfileReject {
  return unavailable(
    UnavailableDetail.NoBroker,
    `“${profileName}” needs the Usher broker, which doesn't answer (${problem}): sudo systemctl start usher-broker.socket, of the package usher-broker`,
  );
}

/** This machine will never do it as it is. */
export function noIsolation(profileName: string, why: string): ProfileReject {
  return {
    reason: RejectReason.NeedsIsolation,
    detail: UnavailableDetail.None,
    retrySeconds: 0,
    message: `“${profileName}” needs a desktop apart from the operator's: ${why}`,
  };
}

/** What the broker's word means for the viewer. */
export function refused(refusal: BrokerRefusal, { name, account }: Person): ProfileRejected {
  return new ProfileRejected(REJECTS[refusal](name, account));
}

const JOURNAL = 'journalctl -u usher-broker';

/** The commands with which root makes an account eligible, where there is one. */
const REMEDIES = {
  NoAccount: (account: string) => `sudo adduser ${account}`,
  NotMember: (account: string) => `sudo usermod -aG usher-users ${account}`,
  Expired: (account: string) => `sudo chage -E -1 ${account}`,
  NoHome: (account: string) => `sudo mkhomedir_helper ${account}`,
} as const satisfies Partial<Record<BrokerRefusal, (account: string) => string>>;

export function remedyFor(refusal: BrokerRefusal, account: AccountName): string | undefined {
  return isMendable(refusal) ? REMEDIES[refusal](account) : undefined;
}

/** By name, so that no refusal is forgotten. `name` is the profile's, `account` the login name. */
const REJECTS: Readonly<Record<BrokerRefusal, (name: string, account: string) => ProfileReject>> = {
  NoAccount: (name, account) => mendable('NoAccount', name, account, `this machine has no account ${account}`),
  SystemAccount: (name, account) => loginFailed(name, `${account} is an account of the system, not of a person; give the profile another`),
  NotMember: (name, account) => mendable('NotMember', name, account, `${account} is not in group usher-users`),
  Expired: (name, account) => mendable('Expired', name, account, `the account ${account} has expired`),
  AccountChanged: (name, account) =>
    loginFailed(name, `${account} is another person's account than before; save the profile again if that is meant`),
  AccountTaken: (name, account) =>
    loginFailed(name, `the broker knows ${account} as another profile's; its record is in /var/lib/usher-broker/accounts`),
  LoginRefused: (name, account) => loginFailed(name, `PAM lets ${account} not in: ${JOURNAL}`),
  NoHome: (name, account) => mendable('NoHome', name, account, `the home directory of ${account} can't be entered`),
  NotBound: (name, account) => loginFailed(name, `the broker doesn't keep that it is ${account}: ${JOURNAL}`),
  BadRequest: (name) => loginFailed(name, `broker and host don't understand each other; both must be of one version: usher doctor`),
  LaunchFailed: (name, account) => loginFailed(name, `the login of ${account} could not be opened: ${JOURNAL}`),
  NotOpen: (name, account) => loginFailed(name, `the login of ${account} could not be opened: ${JOURNAL}`),
  NoWorker: (name) => noIsolation(name, 'the program of its desktop is missing: sudo apt install --reinstall ./usher_*.deb'),
  StateUnusable: (name) =>
    unavailable(UnavailableDetail.NoBroker, `“${name}” can't be opened: the broker's record isn't safe to use: ${JOURNAL}`),
  Occupied: (name, account) => ({
    ...{ reason: RejectReason.Occupied, detail: UnavailableDetail.None, retrySeconds: 0 },
    message: `“${name}” is in use: ${account} has a session that this host didn't open: sudo systemctl stop 'usher-session-*'`,
  }),
  StillOpen: (name) => busy(`the last session of “${name}” is ending; try again in a moment`, BUSY_SECONDS.ending),
  UnknownToken: () => busy('the broker has started anew; try again in a moment', BUSY_SECONDS.ending),
  TooMany: () => busy('as many desktops are open as this machine takes; try again later', BUSY_SECONDS.full),
};

function isMendable(refusal: BrokerRefusal): refusal is keyof typeof REMEDIES {
  return Object.hasOwn(REMEDIES, refusal);
}

function mendable(refusal: keyof typeof REMEDIES, name: string, account: string, why: string): ProfileReject {
  return loginFailed(name, `${why}: ${REMEDIES[refusal](account)}`);
}

function loginFailed(name: string, why: string): ProfileReject {
  return unavailable(UnavailableDetail.LoginFailed, `“${name}” can't be opened: ${why}`);
}

function busy(message: string, retrySeconds: number): ProfileReject {
  return { ...unavailable(UnavailableDetail.Busy, message), retrySeconds };
}

function unavailable(detail: UnavailableDetail, message: string): ProfileReject {
  return { reason: RejectReason.SessionUnavailable, detail, retrySeconds: 0, message };
}

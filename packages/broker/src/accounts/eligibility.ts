import type { AccountName, BrokerRefusal } from '@usher/protocol';

/** Members of this group may be opened; root decides who is one. */
export const GROUP = 'usher-users';
/** The uid of `nobody`, whose files nobody should own; and −1, which system calls take for "no change". */
const NOBODY = 65_534;
const NO_UID = 0xffff_ffff;

/** An account as the system's databases have it. */
export interface SystemAccount {
  readonly name: AccountName;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly isMember: boolean;
  /** Days since 1970 from which on it has expired; undefined for never. */
  readonly expiryDay: number | undefined;
}

/** Why an account may not be opened (rule B4), undefined where it may. PAM asks the same again where PID 1 opens it. */
export function ineligible(account: SystemAccount, uidMin: number, today: number): BrokerRefusal | undefined {
  const { uid, isMember, expiryDay } = account;
  if (uid === 0 || uid < uidMin || uid === NOBODY || uid >= NO_UID) return 'SystemAccount';
  if (!isMember) return 'NotMember';
  if (expiryDay !== undefined && today >= expiryDay) return 'Expired';
  return undefined;
}

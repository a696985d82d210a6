import type { Profile } from '@usher/domain';
import { type AccountName, accountName, isCoded, type ProfileId } from '@usher/protocol';

/** A profile in an account of its own, as far as opening it goes. */
export interface Person {
  readonly id: ProfileId;
  /** The profile's, for people to read. */
  readonly name: string;
  readonly account: AccountName;
}

/** Undefined for an account that no broker can open: the operator's, one of Windows, or one whose name rule B3 doesn't allow. */
export function personOf({ id, display_name, os_account }: Pick<Profile, 'id' | 'display_name' | 'os_account'>): Person | undefined {
  if (os_account.kind !== 'linux') return undefined;
  try {
    return { id, name: display_name, account: accountName(os_account.username) };
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}
